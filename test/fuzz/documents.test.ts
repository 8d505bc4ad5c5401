import { documentsCampaign } from '../../fuzz/documents-campaign.js';
import { runCampaign } from '../../fuzz/run-campaign.js';

test('no document of any shape ends the process, and another caller gets its records beside it', async () => {
  const { failure } = await runCampaign(documentsCampaign, { runs: 20, withinMs: 12_000 });
  if (failure) throw new Error(failure);
}, 60_000);
