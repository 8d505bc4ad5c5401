import { playCampaign } from '../../fuzz/play-campaign.js';
import { upstreamCampaign } from '../../fuzz/upstream-campaign.js';

test('whatever Vonage answers, every promise to callers is kept', async () => {
  const { failure } = await playCampaign(upstreamCampaign, { runs: 80, withinMs: 25_000 });
  if (failure) throw new Error(failure);
}, 60_000);
