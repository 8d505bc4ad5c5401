/** The simulator in a process of its own. Arguments: calls a second that it admits, and SMS that it holds each way. */
import { Product } from '../../src/catalogue/product.js';
import { prepareSchema } from '../../src/composition/prepare-schema.js';
import { Simulator } from '../../src/simulator/simulator.js';

const [ratePerSecond, events] = process.argv.slice(2).map(Number);
const { shapes } = await prepareSchema();
const simulator = await Simulator.start({
  shapes,
  ratePerSecond: ratePerSecond ?? 10,
  eventsPerType: 0,
  eventsOf: { [Product.SMS]: events ?? 60 },
});
process.stdout.write(`${simulator.url}\n`);
