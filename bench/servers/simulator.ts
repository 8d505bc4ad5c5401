/**
 * The simulator in a process of its own. Arguments: calls a second that it admits, SMS that it holds each way, and as
 * JSON further keys that it accepts, whose accounts hold the same SMS.
 */
import { Direction } from '../../src/catalogue/direction.js';
import { Product } from '../../src/catalogue/product.js';
import { prepareSchema } from '../../src/composition/prepare-schema.js';
import type { SimulatedKey } from '../../src/simulator/simulated-keys.js';
import { Simulator } from '../../src/simulator/simulator.js';

const [ratePerSecond, events, tenants = '[]'] = process.argv.slice(2);
const { shapes } = await prepareSchema();
const simulator = await Simulator.start({
  shapes,
  ratePerSecond: Number(ratePerSecond ?? 10),
  eventsPerType: 0,
  eventsOf: { [Product.SMS]: Number(events ?? 60) },
});
const rows = simulator.dataset.list(Product.SMS, Direction.OUTBOUND);
for (const key of JSON.parse(tenants) as SimulatedKey[]) {
  simulator.keys.accept(key);
  for (const id of key.accountIds)
    for (const row of rows)
      simulator.dataset.add({
        product: Product.SMS,
        direction: Direction.OUTBOUND,
        row: { ...row, account_id: id },
      });
}
process.stdout.write(`${simulator.url}\n`);
