import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { type Logger, pino } from 'pino';
import { accessScopes } from './access/access-scope.js';
import { Principal } from './access/principal.js';
import { type Clock, systemClock } from './clock.js';
import type { Config } from './config.js';
import { createApolloServer } from './graphql/apollo.js';
import { type ContextOptions, createOperationContext } from './graphql/create-operation-context.js';
import { federateSchema } from './graphql/federated-schema.js';
import { buildGatewaySchema } from './graphql/schema.js';
import { Authentication } from './http/authentication.js';
import { readExampleOperations } from './http/example-operations.js';
import { routerProof } from './http/router-proof.js';
import { createServer } from './http/server.js';
import { compileDecoder, type Decoder } from './records/decode.js';
import { type RecordShape, recordShape } from './records/record-shape.js';
import { type RecordTypeEntry, recordTypes } from './records/record-types.js';
import type { Rows } from './retrieval/answer.js';
import { Drift } from './retrieval/drift.js';
import { RecordEngine } from './retrieval/record-engine.js';
import {
  type AccountKeys,
  type EngineScope,
  RecordEngines,
  type RunningEngine,
} from './retrieval/record-engines.js';
import { rowsCodec } from './retrieval/rows-codec.js';
import { sizeOfRows } from './retrieval/size-of-rows.js';
import type { Cache } from './traffic/cache.js';
import { createBudget } from './traffic/create-budget.js';
import { createCache } from './traffic/create-cache.js';
import { Credentials } from './vonage/credentials.js';
import { VonageClient } from './vonage/vonage-client.js';

export interface GatewayOptions {
  readonly config: Config;
  readonly prepared: PreparedSchema;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** A number from 0 up to, not including, 1; spreads retries. Default: Math.random. */
  readonly random?: () => number;
}

/** A listening gateway. */
export interface Gateway extends AsyncDisposable {
  /** Origin at which it listens. */
  readonly url: string;
  /** What finds the records; its numbers say what is going on towards Vonage. */
  readonly engines: RecordEngines;
  /**
   * Takes over what may change while it runs: keys and secrets, tokens, trusted documents. Requests go on; those that
   * began before end as they began.
   */
  reload(config: Config): void;
  /** Answers what is in flight, then ends everything that was started. */
  close(): Promise<void>;
}

/** The schema and what follows from it; made once per process. */
export interface PreparedSchema {
  /** The schema that is served: the decorated classes' own, as a subgraph. */
  readonly schema: GraphQLSchema;
  /** Shapes of the record types, by type name. */
  readonly shapes: ReadonlyMap<string, RecordShape>;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
}

/** Builds every room, wires them, and listens. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, prepared, clock = systemClock, random = Math.random } = options;
  const logger = options.logger ?? pino({ level: config.logLevel });
  const client = new VonageClient({ baseUrl: config.baseUrl, clock, timeoutMs: config.callTimeoutMs });
  const cache = createRowsCache(config, clock);
  const engines = createEngines({ config, prepared, clock, random, logger, source: client, cache });
  const examples = readExampleOperations();
  const apollo = createApolloServer({
    schema: prepared.schema,
    production: config.production,
    sandboxDocument: examples[0]?.document ?? '',
    onDefect: (err, requestId) => logger.error({ err, requestId }, 'a defect showed in an operation'),
  });
  await apollo.start();
  let doors = doorsOf(config);
  const reload = (next: Config) => {
    engines.assign(accountKeysOf(next));
    doors = doorsOf(next);
  };
  engines.assign(accountKeysOf(config));
  const context = contextOptions(config, clock, engines);
  const server = await createServer({
    ...config,
    apollo,
    clock,
    logger,
    examples,
    answerBytes: answerBytesOf(config),
    authentication: new Authentication({
      production: config.production,
      authenticator: () => doors.authenticator,
      isFromRouter: (headers) => doors.isFromRouter(headers),
    }),
    createContext: (scope) => createOperationContext(scope, context),
    onClosed: async () => {
      await client.close();
      await engines.close();
      await cache.close();
    },
  });
  await server.listen({ host: config.host, port: config.port });
  const close = () => server.close();
  return { url: server.listeningOrigin, engines, reload, close, [Symbol.asyncDispose]: close };
}

/** Builds the schema and reads from it how rows are decoded, before federation rebuilds it without its extensions. */
export async function prepareSchema(): Promise<PreparedSchema> {
  const schema = await buildGatewaySchema();
  const types = recordTypes.map((entry) => {
    const shape = recordShape(schema.getType(entry.recordClass.name) as GraphQLObjectType);
    return { entry, shape, decode: compileDecoder(entry.recordClass, shape) };
  });
  return {
    schema: federateSchema(schema),
    shapes: new Map(types.map(({ shape }) => [shape.typeName, shape])),
    decoders: new Map(types.map(({ entry, decode }) => [entry, decode])),
  };
}

/** What lets requests in, as the configuration has it now. */
function doorsOf(config: Config) {
  return { isFromRouter: routerProof(config), authenticator: anonymousTemporary(config) };
}

function anonymousTemporary({ production }: Config) {
  const scopes = production ? accessScopes.slice(0, 3) : accessScopes;
  const principal = new Principal({
    name: 'anonymous',
    scopes,
    accounts: 'any',
    products: 'any',
    allowance: { idsPerSecond: undefined, recordsPerDay: undefined },
  });
  return { challenge: undefined, authenticate: () => principal };
}

function contextOptions(config: Config, clock: Clock, engines: RecordEngines): ContextOptions {
  const { maxIds, searchProducts, cacheFinalTtlMs } = config;
  return {
    clock,
    engineOf: (accountId, { name, credentials }) =>
      credentials ? engines.ownOf(name, credentials) : engines.of(accountId),
    rules: { accountId: defaultAccountOf(config), maxIds, searchProducts },
    finalMaxAgeMs: cacheFinalTtlMs,
  };
}

/** An eighth of the cache's bytes is for finished answers: they are larger than rows, and only some are asked for again. */
function answerBytesOf({ cacheMaxBytes }: Config): number {
  return Math.floor(cacheMaxBytes / 8);
}

function createRowsCache(config: Config, clock: Clock): Cache<Rows> {
  return createCache<Rows>({
    redisUrl: config.redisUrl,
    clock,
    maxBytes: config.cacheMaxBytes - answerBytesOf(config),
    sizeOf: sizeOfRows,
    codec: rowsCodec,
    copyTtlMs: config.cacheOpenTtlMs,
  });
}

interface EngineParts extends Required<GatewayOptions> {
  readonly source: VonageClient;
  readonly cache: Cache<Rows>;
}

/** Engines share the connections, the cache's bytes and the record types; nothing that one key's look-ups change. */
function createEngines(parts: EngineParts): RecordEngines {
  const { clock, config, logger, prepared } = parts;
  const drift = new Drift(prepared.shapes, (difference) =>
    logger.warn({ difference }, "Vonage's rows differ from the record types; `raw` shows what fields do not"),
  );
  return new RecordEngines({
    clock,
    drainMs: config.operationTimeoutMs,
    start: (scope) => startEngine(scope, drift, parts),
  });
}

function startEngine(
  { name, credentials }: EngineScope,
  drift: Drift,
  { config, prepared, logger, ...parts }: EngineParts,
): RunningEngine {
  const { redisUrl, syncRate: ratePerSecond, arrivalJitterMs } = config;
  const { cacheFinalTtlMs, cacheOpenTtlMs, cacheMissTtlMs } = config;
  const { budget, close } = createBudget({
    name,
    redisUrl,
    ratePerSecond,
    arrivalJitterMs,
    clock: parts.clock,
  });
  const engine = new RecordEngine({
    ...parts,
    credentials,
    cacheSpace: name,
    budget,
    cachePolicy: { finalTtlMs: cacheFinalTtlMs, openTtlMs: cacheOpenTtlMs, missTtlMs: cacheMissTtlMs },
    keepMessageBodies: config.cacheMessageBodies,
    batchSize: config.batchSize,
    decoders: prepared.decoders,
    onAnswer: (lane, rows) => drift.note(lane, rows),
    onRateLimited: (pauseMs) => logger.warn({ pauseMs }, 'Vonage answered 429; all calls of the key pause'),
  });
  return { engine, close };
}

function accountKeysOf({ apiKey, apiSecret }: Config): AccountKeys {
  return {
    accounts: new Map(),
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}

function defaultAccountOf({ accountId, apiKey }: Config): string {
  return accountId ?? apiKey ?? '';
}
