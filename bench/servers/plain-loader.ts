/**
 * The gateway without its record engine: the same schema, HTTP server and Vonage client with a DataLoader per request.
 * The loader batches the ids of one request only. It obeys the same rate, and it serves outbound SMS only.
 */

import DataLoader from 'dataloader';
import { pino } from 'pino';
import { accessScopes, Principal } from '../../src/access/principal.js';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { monotonicClock } from '../../src/clock.js';
import { readConfig } from '../../src/config/config.js';
import { ParsedDocuments } from '../../src/graphql/document-caches.js';
import { GraphqlServer } from '../../src/graphql/graphql-server.js';
import type { OperationContext } from '../../src/graphql/operation-context.js';
import { TrustedDocuments } from '../../src/graphql/trusted-documents.js';
import { Authentication } from '../../src/http/authentication.js';
import { ResponseCache } from '../../src/http/endpoint/response-cache.js';
import { createServer } from '../../src/http/server.js';
import { Shutdown } from '../../src/http/shutdown.js';
import { TrustedDocumentGuard } from '../../src/http/trusted-document-guard.js';
import { untraced } from '../../src/operation/operation-report.js';
import { fullVisibility } from '../../src/records/record-mask.js';
import { recordTypeOf } from '../../src/records/record-types.js';
import { attribute } from '../../src/retrieval/calls/attribution.js';
import type { Records } from '../../src/retrieval/record-store.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import type { StartedCall } from '../../src/traffic/rate-limit/rate-limiter.js';
import { SlidingWindowRateLimiter } from '../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Credentials } from '../../src/vonage/credentials.js';
import { VonageClient } from '../../src/vonage/vonage-client.js';

const [baseUrl = '', rate = '10'] = process.argv.slice(2);
const { apiKey, apiSecret } = simulatorCredentials;
const servedSchema = await buildServedSchema();
const rules = rulesOf(Product.SMS);
const type = recordTypeOf(Product.SMS, Direction.OUTBOUND);
const decode = type && servedSchema.decoders.get(type);
const client = new VonageClient({ baseUrl, clock: monotonicClock });
const principal = new Principal({
  name: 'client',
  scopes: accessScopes,
  accounts: 'any',
  products: 'any',
  limits: { idsPerSecond: undefined, recordsPerDay: undefined },
});
const credentials = new Credentials(apiKey, apiSecret);
const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: Number(rate), clock: monotonicClock });

async function load(ids: readonly string[]): Promise<Records[]> {
  const query = {
    account_id: apiKey,
    product: Product.SMS,
    direction: Direction.OUTBOUND,
    id: ids.join(','),
  };
  await rateLimiter.acquire();
  let call: StartedCall | undefined;
  const onRequestStart = () => {
    call = rateLimiter.started();
  };
  const listener = { onRequestStart, onResponseStart: () => call?.responded() };
  const answer = await client.recordsByIds(query, credentials, listener);
  const { found } = attribute(ids, answer, { known: rules.idFields, drifted: undefined });
  const origin = {
    rules,
    accountId: apiKey,
    direction: Direction.OUTBOUND,
    nowMs: monotonicClock.now(),
    sees: fullVisibility,
  };
  return ids.map((id) => {
    const siblings = found.get(id) ?? [];
    return siblings.flatMap((row, place) => decode?.(row, { ...origin, id, siblings, place }) ?? []);
  });
}

function createContext(requestId: string): OperationContext {
  const loader = new DataLoader<string, Records>(load, { maxBatchSize: 20 });
  return {
    requestId,
    principal,
    rules: { accountId: apiKey, searchProducts: [Product.SMS] },
    operation: {
      admit: () => undefined,
      chargeRejection: () => undefined,
      find: ({ id }) => loader.load(id),
      list: () => Promise.reject(new Error('A plain loader lists no records.')),
      usageReport: () => undefined,
      spending: () => ({ ids: 0, calls: 0, recordsBilled: 0 }),
      cacheControl: () => undefined,
      markUncacheable: () => undefined,
      cacheable: () => undefined,
    },
  };
}

const { limits, http } = readConfig({});
const graphql = await GraphqlServer.start({
  schema: servedSchema.schema,
  production: true,
  limits,
  legacyStatusCodes: false,
  sandboxDocument: '',
  parsedDocuments: new ParsedDocuments(16_777_216),
  persistedQueries: undefined,
  untrustedDocuments: undefined,
  onInternalError: (error) => process.stderr.write(`${error}\n`),
});
const server = await createServer({
  shutdown: new Shutdown(),
  http,
  authentication: new Authentication({
    production: true,
    authenticator: () => ({ challenge: undefined, authenticate: () => principal }),
    isFromRouter: () => false,
    isAuthenticatedRouter: () => false,
  }),
  isBacklogged: () => false,
  responseCache: new ResponseCache(0),
  observer: {
    startTrace: () => untraced,
    onOperationEnded: () => undefined,
    onCachedResponse: () => undefined,
    onRequestRejected: () => undefined,
  },
  admitIds: () => undefined,
  graphql,
  clock: monotonicClock,
  logger: pino({ level: 'silent' }),
  production: true,
  operationTimeoutMs: 60_000,
  examples: [],
  documentGuard: new TrustedDocumentGuard({
    documents: () => new TrustedDocuments([]),
    allowsAny: () => true,
    assertFits: () => undefined,
  }),
  createContext: ({ requestId }) => createContext(requestId),
  onClosed: () => client.close(),
});
await server.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${server.listeningOrigin}\n`);
