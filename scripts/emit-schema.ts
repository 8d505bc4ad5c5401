/** Writes the schema that the gateway serves to schema/schema.graphql; with --check it only tells whether that is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { printGatewaySchema } from '../src/graphql/print-gateway-schema.js';
import { buildGatewaySchema } from '../src/graphql/schema.js';

const path = 'schema/schema.graphql';
const printed = printGatewaySchema(await buildGatewaySchema());

if (!process.argv.includes('--check')) writeFileSync(path, printed);
else if (readFileSync(path, 'utf8') !== printed) {
  process.stderr.write(`${path} is stale; npm run schema writes it anew.\n`);
  process.exitCode = 1;
}
