import { createHash } from 'node:crypto';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { type Logger, pino } from 'pino';
import { type Clock, systemClock } from './clock.js';
import type { Config } from './config.js';
import { createApolloServer } from './graphql/apollo.js';
import { type ContextOptions, createOperationContext } from './graphql/create-operation-context.js';
import { federateSchema } from './graphql/federated-schema.js';
import { buildGatewaySchema } from './graphql/schema.js';
import { readExampleOperations } from './http/example-operations.js';
import { routerProof } from './http/router-proof.js';
import { createServer } from './http/server.js';
import { compileDecoder, type Decoder } from './records/decode.js';
import { type RecordShape, recordShape } from './records/record-shape.js';
import { type RecordTypeEntry, recordTypes } from './records/record-types.js';
import type { Rows } from './retrieval/answer.js';
import { Drift } from './retrieval/drift.js';
import { RecordEngine } from './retrieval/record-engine.js';
import { rowsCodec } from './retrieval/rows-codec.js';
import { sizeOfRows } from './retrieval/size-of-rows.js';
import { createTrafficState, type TrafficState } from './traffic/traffic-state.js';
import { Credentials } from './vonage/credentials.js';
import { VonageClient } from './vonage/vonage-client.js';

/** The configuration with credentials settled: the operator's own, or the simulator's. */
export type GatewayConfig = Config & { readonly apiKey: string; readonly apiSecret: string };

export interface GatewayOptions {
  readonly config: GatewayConfig;
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
  readonly engine: RecordEngine;
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
  const drift = new Drift(prepared.shapes, (difference) =>
    logger.warn({ difference }, "Vonage's rows differ from the record types; `raw` shows what fields do not"),
  );
  const traffic = createTraffic(config, clock);
  const engine = createEngine({ config, prepared, clock, random, source: client, drift, traffic, logger });
  const examples = readExampleOperations();
  const apollo = createApolloServer({
    schema: prepared.schema,
    production: config.production,
    sandboxDocument: examples[0]?.document ?? '',
    onDefect: (err, requestId) => logger.error({ err, requestId }, 'a defect showed in an operation'),
  });
  await apollo.start();
  const context = contextOptions(config, engine);
  const server = await createServer({
    ...config,
    apollo,
    clock,
    logger,
    examples,
    answerBytes: answerBytesOf(config),
    isFromRouter: routerProof(config),
    createContext: (scope) => createOperationContext(scope, context),
    onClosed: async () => {
      await client.close();
      await traffic.close();
    },
  });
  await server.listen({ host: config.host, port: config.port });
  const close = () => server.close();
  return { url: server.listeningOrigin, engine, close, [Symbol.asyncDispose]: close };
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

function contextOptions(config: GatewayConfig, engine: RecordEngine): ContextOptions {
  const { accountId = config.apiKey, maxIds, searchProducts, production, cacheFinalTtlMs } = config;
  const rules = { accountId, maxIds, searchProducts };
  return { engine, rules, showCost: !production, finalMaxAgeMs: cacheFinalTtlMs };
}

/** An eighth of the cache's bytes is for finished answers: they are larger than rows, and only some are asked for again. */
function answerBytesOf({ cacheMaxBytes }: GatewayConfig): number {
  return Math.floor(cacheMaxBytes / 8);
}

/** Replicas that read with the same key share one budget; the key itself is not for others to read. */
function createTraffic(config: GatewayConfig, clock: Clock): TrafficState<Rows> {
  return createTrafficState<Rows>({
    name: createHash('sha256').update(config.apiKey).digest('base64url').slice(0, 16),
    redisUrl: config.redisUrl,
    ratePerSecond: config.syncRate,
    arrivalJitterMs: config.arrivalJitterMs,
    clock,
    maxBytes: config.cacheMaxBytes - answerBytesOf(config),
    sizeOf: sizeOfRows,
    codec: rowsCodec,
    copyTtlMs: config.cacheOpenTtlMs,
  });
}

interface EngineParts extends Required<GatewayOptions> {
  readonly source: VonageClient;
  readonly drift: Drift;
  readonly traffic: TrafficState<Rows>;
}

function createEngine({
  config,
  prepared,
  clock,
  random,
  source,
  drift,
  traffic,
  logger,
}: EngineParts): RecordEngine {
  const { cacheFinalTtlMs, cacheOpenTtlMs, cacheMissTtlMs } = config;
  return new RecordEngine({
    source,
    clock,
    random,
    credentials: new Credentials(config.apiKey, config.apiSecret),
    budget: traffic.budget,
    cache: traffic.cache,
    cachePolicy: { finalTtlMs: cacheFinalTtlMs, openTtlMs: cacheOpenTtlMs, missTtlMs: cacheMissTtlMs },
    keepMessageBodies: config.cacheMessageBodies,
    batchSize: config.batchSize,
    decoders: prepared.decoders,
    onAnswer: (lane, rows) => drift.note(lane, rows),
    onRateLimited: (pauseMs) => logger.warn({ pauseMs }, 'Vonage answered 429; all calls of the key pause'),
  });
}
