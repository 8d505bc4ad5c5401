/**
 * `npm run fuzz` runs all campaigns for two minutes; `npm run fuzz -- 10 upstream` runs the named ones for ten minutes.
 * It exits with 1 after a violation. It prints the seed with which `FUZZ_SEED` repeats the run.
 */
import { print } from '../bench/support/print.js';
import type { Campaign } from './campaign.js';
import { documentsCampaign } from './documents-campaign.js';
import { httpCampaign } from './http-campaign.js';
import { operationsCampaign } from './operations-campaign.js';
import { runCampaign } from './run-campaign.js';
import { upstreamCampaign } from './upstream-campaign.js';

const campaigns = [
  operationsCampaign,
  upstreamCampaign,
  httpCampaign,
  documentsCampaign,
] as readonly Campaign[];
const [minutes = '2', ...names] = process.argv.slice(2);
const chosen = campaigns.filter(({ name }) => names.length === 0 || names.includes(name));
const withinMs = (Number(minutes) * 60_000) / chosen.length;
const seed = Number(process.env.FUZZ_SEED || Math.floor(Math.random() * 2 ** 31));

print(
  `Node ${process.version}, seed ${seed}, ${minutes} minutes: ${chosen.map(({ name }) => name).join(', ')}`,
);
for (const campaign of chosen) {
  const { cases, failure } = await runCampaign(campaign, { seed, runs: 2 ** 31 - 1, withinMs });
  print(failure ?? `${campaign.name}: no violation in ${cases} cases`);
  if (failure) process.exitCode = 1;
}
