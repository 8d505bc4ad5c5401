import { operationsCampaign } from '../../fuzz/operations-campaign.js';
import { runCampaign } from '../../fuzz/run-campaign.js';

test('arbitrary operations never violate a promise to callers', async () => {
  const { failure } = await runCampaign(operationsCampaign, { runs: 50, withinMs: 12_000 });
  if (failure) throw new Error(failure);
}, 60_000);
