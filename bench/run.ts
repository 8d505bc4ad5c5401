/**
 * `npm run bench` runs every benchmark; `npm run bench -- ceiling` only the named ones. Each ends by itself, speaks to
 * this machine only, and prints ratios of one run: absolute figures are this machine's, the ratios travel.
 */
import { cpus } from 'node:os';
import { benchBurst } from './burst.js';
import { benchHot } from './cached-throughput.js';
import { benchDecode } from './decode.js';
import { benchIdle } from './idle.js';
import { benchSiege } from './overload.js';
import { benchMoney } from './polling-cost.js';
import { benchCeiling } from './rate-ceiling.js';
import { benchReplicas } from './replicas.js';
import { benchGrowth } from './scaling.js';
import { print } from './support/print.js';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  ceiling: benchCeiling,
  burst: benchBurst,
  idle: benchIdle,
  hot: benchHot,
  growth: benchGrowth,
  money: benchMoney,
  decode: benchDecode,
  siege: benchSiege,
  replicas: benchReplicas,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0)
  throw new Error(
    `No benchmark is called ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`,
  );
print(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}`);
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  print(`\n== ${name}`);
  await run();
}
