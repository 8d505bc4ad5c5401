import { httpCampaign } from '../../fuzz/http-campaign.js';
import { runCampaign } from '../../fuzz/run-campaign.js';

test('arbitrary bytes never violate a promise to callers', async () => {
  const { failure } = await runCampaign(httpCampaign, { runs: 250, withinMs: 25_000 });
  if (failure) throw new Error(failure);
}, 60_000);
