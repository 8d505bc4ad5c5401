import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { CallerQuota } from './access/caller-quota.js';
import { createAuthenticator } from './access/create-authenticator.js';
import { type Clock, systemClock } from './clock.js';
import type { Config } from './config.js';
import { createApolloServer } from './graphql/apollo.js';
import { type ContextOptions, createOperationContext } from './graphql/create-operation-context.js';
import { federateSchema } from './graphql/federated-schema.js';
import { PersistedQueries } from './graphql/persisted-queries.js';
import { buildGatewaySchema } from './graphql/schema.js';
import type { UntrustedDocumentsOptions } from './graphql/untrusted-documents-plugin.js';
import { Authentication } from './http/authentication.js';
import { DocumentDoor } from './http/document-door.js';
import { readExampleOperations } from './http/example-operations.js';
import { readOwnDocuments } from './http/read-own-documents.js';
import { routerProof } from './http/router-proof.js';
import { createServer } from './http/server.js';
import { createLogger } from './logger.js';
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
import type { Allowances } from './traffic/allowances.js';
import type { Cache } from './traffic/cache.js';
import { createAllowances } from './traffic/create-allowances.js';
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
  let doors = doorsOf(config, clock);
  const logger = options.logger ?? createLogger({ level: config.logLevel, secrets: () => doors.secrets });
  const client = new VonageClient({ baseUrl: config.baseUrl, clock, timeoutMs: config.callTimeoutMs });
  const cache = createRowsCache(config, clock);
  const engines = createEngines({ config, prepared, clock, random, logger, source: client, cache });
  const examples = readExampleOperations();
  const apollo = createApolloServer({
    schema: prepared.schema,
    production: config.production,
    sandboxDocument: examples[0]?.document ?? '',
    persistedQueries: persistedQueriesOf(config),
    untrustedDocuments: untrustedDocumentsOf(config, logger, () => doors),
    onDefect: (err, requestId) => logger.error({ err, requestId }, 'a defect showed in an operation'),
  });
  await apollo.start();
  const reload = (next: Config) => {
    engines.assign(accountKeysOf(next));
    doors = doorsOf(next, clock);
  };
  engines.assign(accountKeysOf(config));
  const allowances = createAllowances({ redisUrl: config.redisUrl, clock, burst: config.maxIds });
  const context = contextOptions({ config, clock, engines, allowances });
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
    documentDoor: documentDoorOf(config, () => doors),
    createContext: (scope) => createOperationContext(scope, context),
    onClosed: async () => {
      await client.close();
      await engines.close();
      await Promise.all([cache.close(), allowances.close()]);
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
function doorsOf(config: Config, clock: Clock) {
  return {
    isFromRouter: routerProof(config),
    // A router writes its documents itself, so nobody can list them; without a secret there is no telling who is one.
    isProvenRouter: routerProof({ ...config, production: true }),
    trustedDocuments: config.trustedDocuments ?? readOwnDocuments(),
    authenticator: createAuthenticator({ ...config, accountId: config.accountId ?? '', clock }),
    secrets: secretsOf(config),
  };
}

function documentDoorOf(
  { trustedDocumentsMode }: Config,
  doors: () => ReturnType<typeof doorsOf>,
): DocumentDoor {
  return new DocumentDoor({
    documents: () => doors().trustedDocuments,
    admitsAny: (headers) => trustedDocumentsMode !== 'enforce' || doors().isProvenRouter(headers),
  });
}

/** Where trusted documents only may run none is kept, but a router's client is still told so in the words that it knows. */
function persistedQueriesOf({ trustedDocumentsMode, apqMaxBytes }: Config): PersistedQueries | undefined {
  if (trustedDocumentsMode === 'enforce') return new PersistedQueries(0);
  return apqMaxBytes === 0 ? undefined : new PersistedQueries(apqMaxBytes);
}

function untrustedDocumentsOf(
  { trustedDocumentsMode }: Config,
  logger: Logger,
  doors: () => ReturnType<typeof doorsOf>,
): UntrustedDocumentsOptions | undefined {
  if (trustedDocumentsMode !== 'log') return undefined;
  return {
    documents: () => doors().trustedDocuments,
    isExempt: (headers) => doors().isProvenRouter(headers),
    onUntrusted: (document) =>
      logger.warn(document, 'a document ran that is not in the list of trusted ones'),
  };
}

interface ContextParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly engines: RecordEngines;
  readonly allowances: Allowances;
}

function contextOptions({ config, clock, engines, allowances }: ContextParts): ContextOptions {
  const { accountId = '', maxIds, searchProducts, cacheFinalTtlMs } = config;
  return {
    clock,
    engineOf: (accountId, { name, credentials }) =>
      credentials ? engines.ownOf(name, credentials) : engines.of(accountId),
    quotaOf: (principal) => new CallerQuota(principal, allowances),
    rules: { accountId, maxIds, searchProducts },
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

function accountKeysOf({ apiKey, apiSecret, accountKeys }: Config): AccountKeys {
  return {
    accounts: accountKeys,
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}

function secretsOf(config: Config): readonly string[] {
  const { redisUrl, routerSecret } = config;
  const { accounts, fallback } = accountKeysOf(config);
  const keys = [...accounts.values(), ...(fallback ? [fallback] : [])];
  return [redisUrl, routerSecret]
    .flatMap((text) => text ?? [])
    .concat(keys.flatMap(({ secrets }) => secrets));
}
