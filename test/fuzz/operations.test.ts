import { operationsCampaign } from '../../fuzz/operations-campaign.js';
import { playCampaign } from '../../fuzz/play-campaign.js';

test('whatever is asked, every promise to callers is kept', async () => {
  const { failure } = await playCampaign(operationsCampaign, { runs: 100, withinMs: 25_000 });
  if (failure) throw new Error(failure);
}, 60_000);
