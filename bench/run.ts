/**
 * `npm run bench` runs every benchmark; `npm run bench -- rate-ceiling` runs only the named ones. Each ends by itself,
 * uses this machine only, and prints ratios of one run. Ratios compare across machines; absolute figures do not.
 */
import { cpus } from 'node:os';
import { benchAdaptiveRate } from './adaptive-rate.js';
import { benchBurst } from './burst.js';
import { benchByDate } from './by-date.js';
import { benchCachedThroughput } from './cached-throughput.js';
import { benchChaos } from './chaos.js';
import { benchCommandLine } from './command-line.js';
import { benchDecode } from './decode.js';
import { benchGrowth } from './growth.js';
import { benchIdleLatency } from './idle-latency.js';
import { benchOverload } from './overload.js';
import { benchPollingCost } from './polling-cost.js';
import { benchRateCeiling } from './rate-ceiling.js';
import { benchReplicas } from './replicas.js';
import { benchRequestCost } from './request-cost.js';
import { benchScaling } from './scaling.js';
import { print } from './support/print.js';
import { benchWaysToRun } from './ways-to-run.js';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  'rate-ceiling': benchRateCeiling,
  'adaptive-rate': benchAdaptiveRate,
  burst: benchBurst,
  'idle-latency': benchIdleLatency,
  'cached-throughput': benchCachedThroughput,
  'request-cost': benchRequestCost,
  growth: benchGrowth,
  scaling: benchScaling,
  'polling-cost': benchPollingCost,
  'by-date': benchByDate,
  decode: benchDecode,
  chaos: benchChaos,
  'command-line': benchCommandLine,
  overload: benchOverload,
  replicas: benchReplicas,
  'ways-to-run': benchWaysToRun,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0)
  throw new Error(
    `Unknown benchmark: ${unknown.join(', ')}. The benchmarks are: ${Object.keys(benches).join(', ')}.`,
  );
print(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}`);
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  print(`\n== ${name}`);
  await run();
}
