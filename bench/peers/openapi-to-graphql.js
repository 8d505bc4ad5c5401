/** openapi-to-graphql over the OpenAPI description, served by graphql-http on node:http. The upstream is the first argument. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// Its ESM build does not load in Node, and both must share one copy of graphql.
const require = createRequire(import.meta.url);
const { createHandler } = require('graphql-http/lib/use/http');
const { createGraphQLSchema } = require('openapi-to-graphql');

const [upstreamUrl = ''] = process.argv.slice(2);
const description = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8'));
const { schema } = await createGraphQLSchema({ ...description, servers: [{ url: upstreamUrl }] }, { strict: false });
const server = createServer(createHandler({ schema }));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
