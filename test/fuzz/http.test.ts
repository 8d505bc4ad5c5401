import { httpCampaign } from './http-campaign.js';
import { playCampaign } from './play-campaign.js';

test('whatever bytes arrive, every promise to callers is kept', async () => {
  const { failure } = await playCampaign(httpCampaign, { runs: 250, withinMs: 25_000 });
  if (failure) throw new Error(failure);
}, 60_000);
