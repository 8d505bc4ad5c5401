/** `npm run bench` runs every benchmark; `npm run bench -- decode` only the named ones. */
import { buildGatewaySchema } from '../src/graphql/schema.js';
import { benchDecode } from './decode.js';

const schema = await buildGatewaySchema();
const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  decode: () => benchDecode(schema),
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  await run();
}
