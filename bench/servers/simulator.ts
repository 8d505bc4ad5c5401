/**
 * Runs the simulator as a separate process. Arguments: the rate in calls a second, the number of SMS for each direction,
 * and `SimulatorExtras` as JSON.
 */

import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { monotonicClock } from '../../src/clock.js';
import type { Fault } from '../../src/simulator/faults.js';
import { seededInt } from '../../src/simulator/row-maker.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { Credentials } from '../../src/vonage/credentials.js';
import type { SimulatorExtras } from '../support/stage.js';

const [ratePerSecond, events, extras = '{}'] = process.argv.slice(2);
const {
  tenants = [],
  copies = 0,
  responseMs = 0,
  minGapMs = 0,
  otherCallsPerSecond = 0,
  faultShare = 0,
  failingIds = {},
} = JSON.parse(extras) as SimulatorExtras;
const { shapes } = await buildServedSchema();
const simulator = await Simulator.start({
  shapes,
  ratePerSecond: Number(ratePerSecond ?? 10),
  minGapMs,
  eventsPerType: 0,
  eventsOf: { [Product.SMS]: Number(events ?? 60) },
});
const [product, direction] = [Product.SMS, Direction.OUTBOUND];
const rows = simulator.dataset.list(product, direction);
for (let index = 0; index < copies; index += 1)
  simulator.dataset.add({
    product,
    direction,
    row: { ...rows[index % rows.length], message_id: `copy-${index}` },
  });
for (const key of tenants) {
  simulator.keys.accept(key);
  for (const id of key.accountIds)
    for (const row of rows) simulator.dataset.add({ product, direction, row: { ...row, account_id: id } });
}
if (responseMs > 0) simulator.faults.gate = () => new Promise((resolve) => setTimeout(resolve, responseMs));
let draws = 0;
/** From 0 up to, not including, 1; the same numbers in every run. */
function random(): number {
  draws += 1;
  return seededInt(1_000_000, 'chaos', draws) / 1_000_000;
}
const faults: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, retryAfter: '1' },
  { kind: 'reset' },
  { kind: 'truncated' },
  { kind: 'cut', rows: 3, cursor: 'lost' },
  { kind: 'body', body: '<html>Bad gateway</html>', contentType: 'text/html' },
];
const faultOf = { status: faults[0], reset: { kind: 'reset' }, truncated: { kind: 'truncated' } } as const;
for (const [id, kind] of Object.entries(failingIds)) {
  const fault = faultOf[kind];
  if (fault) simulator.faults.plan(fault, Number.POSITIVE_INFINITY, ({ ids }) => ids?.includes(id) ?? false);
}
if (faultShare > 0)
  for (const [index, fault] of faults.entries())
    simulator.faults.plan(
      fault,
      Number.POSITIVE_INFINITY,
      // Each fault is asked in turn whether it is its turn, so later ones take their share of what is left.
      () => random() < faultShare / (faults.length - index * faultShare),
    );
if (otherCallsPerSecond > 0) {
  const { apiKey, apiSecret } = simulatorCredentials;
  const key = simulator.keys.provenBy(new Credentials(apiKey, apiSecret).authorization);
  setInterval(() => key?.rate.admits(monotonicClock.now()), 1000 / otherCallsPerSecond);
}
process.stdout.write(`${simulator.url}\n`);
