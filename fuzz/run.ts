/**
 * `npm run fuzz` treats a gateway badly for two minutes; `npm run fuzz -- 10 upstream` for ten, and in the named ways only.
 * It ends by itself, with 1 when a promise was broken, and prints the seed with which `FUZZ_SEED` repeats it.
 */
import { print } from '../bench/support/print.js';
import type { Campaign } from './campaign.js';
import { httpCampaign } from './http-campaign.js';
import { operationsCampaign } from './operations-campaign.js';
import { playCampaign } from './play-campaign.js';
import { upstreamCampaign } from './upstream-campaign.js';

const campaigns = [operationsCampaign, upstreamCampaign, httpCampaign] as readonly Campaign[];
const [minutes = '2', ...names] = process.argv.slice(2);
const chosen = campaigns.filter(({ name }) => names.length === 0 || names.includes(name));
const withinMs = (Number(minutes) * 60_000) / chosen.length;
const seed = Number(process.env.FUZZ_SEED || Math.floor(Math.random() * 2 ** 31));

print(
  `Node ${process.version}, seed ${seed}, ${minutes} minutes: ${chosen.map(({ name }) => name).join(', ')}`,
);
for (const campaign of chosen) {
  const { cases, failure } = await playCampaign(campaign, { seed, runs: 2 ** 31 - 1, withinMs });
  print(failure ?? `${campaign.name}: every promise was kept in ${cases} cases`);
  if (failure) process.exitCode = 1;
}
