/**
 * Runs the simulator as a separate process. Arguments: the rate in calls a second, the number of SMS for each direction,
 * and `SimulatorExtras` as JSON.
 */

import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { monotonicClock } from '../../src/clock.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { Credentials } from '../../src/vonage/credentials.js';
import type { SimulatorExtras } from '../support/stage.js';

const [ratePerSecond, events, extras = '{}'] = process.argv.slice(2);
const {
  tenants = [],
  responseMs = 0,
  minGapMs = 0,
  otherCallsPerSecond = 0,
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
for (const key of tenants) {
  simulator.keys.accept(key);
  for (const id of key.accountIds)
    for (const row of rows) simulator.dataset.add({ product, direction, row: { ...row, account_id: id } });
}
if (responseMs > 0) simulator.faults.gate = () => new Promise((resolve) => setTimeout(resolve, responseMs));
if (otherCallsPerSecond > 0) {
  const { apiKey, apiSecret } = simulatorCredentials;
  const key = simulator.keys.provenBy(new Credentials(apiKey, apiSecret).authorization);
  setInterval(() => key?.rate.admits(monotonicClock.now()), 1000 / otherCallsPerSecond);
}
process.stdout.write(`${simulator.url}\n`);
