import { runCampaign } from '../../fuzz/run-campaign.js';
import { upstreamCampaign } from '../../fuzz/upstream-campaign.js';

test('whatever Vonage responses, every promise to callers is kept', async () => {
  const { failure } = await runCampaign(upstreamCampaign, { runs: 50, withinMs: 12_000 });
  if (failure) throw new Error(failure);
}, 60_000);
