/**
 * The simulator in a process of its own. Arguments: calls a second that it admits, SMS that it holds each way, and as
 * JSON what else there is: `tenants`, keys that it accepts whose accounts hold the same SMS, and `answerMs`.
 */

import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { Simulator } from '../../src/simulator/simulator.js';
import type { SimulatorExtras } from '../support/stage.js';

const [ratePerSecond, events, extras = '{}'] = process.argv.slice(2);
const { tenants = [], answerMs = 0 } = JSON.parse(extras) as SimulatorExtras;
const { shapes } = await buildServedSchema();
const simulator = await Simulator.start({
  shapes,
  ratePerSecond: Number(ratePerSecond ?? 10),
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
if (answerMs > 0) simulator.faults.gate = () => new Promise((resolve) => setTimeout(resolve, answerMs));
process.stdout.write(`${simulator.url}\n`);
