import { httpCampaign } from '../../fuzz/http-campaign.js';
import { playCampaign } from '../../fuzz/play-campaign.js';

test('whatever bytes arrive, every promise to callers is kept', async () => {
  const { failure } = await playCampaign(httpCampaign, { runs: 250, withinMs: 25_000 });
  if (failure) throw new Error(failure);
}, 60_000);
