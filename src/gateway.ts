import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { type Logger, pino } from 'pino';
import { type Clock, systemClock } from './clock.js';
import type { Config } from './config.js';
import { createApolloServer } from './graphql/apollo.js';
import type { OperationContext } from './graphql/operation-context.js';
import { createRecordLoader } from './graphql/record-loader.js';
import { buildGatewaySchema } from './graphql/schema.js';
import { readExampleOperations } from './http/example-operations.js';
import { createServer } from './http/server.js';
import { compileDecoder } from './records/decode.js';
import { type RecordShape, recordShape } from './records/record-shape.js';
import { recordTypes } from './records/record-types.js';
import { RecordFetcher, type Rows } from './retrieval/record-fetcher.js';
import type { RecordLane } from './retrieval/record-lane.js';
import { RecordStore } from './retrieval/record-store.js';
import { Coalescer } from './traffic/coalescer.js';
import { SlidingWindowBudget } from './traffic/sliding-window-budget.js';
import { Credentials } from './vonage/credentials.js';
import { VonageClient } from './vonage/vonage-client.js';

/** The configuration with credentials settled: the operator's own, or the simulator's. */
export type GatewayConfig = Config & { readonly apiKey: string; readonly apiSecret: string };

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly schema: GraphQLSchema;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A listening gateway. */
export interface Gateway extends AsyncDisposable {
  /** Origin at which it listens. */
  readonly url: string;
  /** Ids that wait for a call to Vonage. */
  readonly waitingIds: number;
  /** Answers what is in flight, then ends everything that was started. */
  close(): Promise<void>;
}

/** Builds every room, wires them, and listens. */
export async function startGateway({
  config,
  schema,
  clock = systemClock,
  ...rest
}: GatewayOptions): Promise<Gateway> {
  const logger = rest.logger ?? pino({ level: config.logLevel });
  const client = new VonageClient({ baseUrl: config.baseUrl, clock, timeoutMs: config.callTimeoutMs });
  const coalescer = createCoalescer(config, clock, client);
  const store = createStore(schema, clock, coalescer);
  const examples = readExampleOperations();
  const apollo = createApolloServer({
    schema,
    production: config.production,
    sandboxDocument: examples[0]?.document ?? '',
    onDefect: (error, requestId) =>
      logger.error({ err: error, requestId }, 'a defect showed in an operation'),
  });
  await apollo.start();
  const { accountId = config.apiKey, maxIds, searchProducts } = config;
  const rules = { accountId, maxIds, searchProducts };
  const server = await createServer({
    ...config,
    apollo,
    clock,
    logger,
    examples,
    createContext: ({ requestId, ...caller }): OperationContext => ({
      requestId,
      rules,
      records: createRecordLoader((request) => store.find(request, caller)),
    }),
    onClosed: () => client.close(),
  });
  await server.listen({ host: config.host, port: config.port });
  const close = () => server.close();
  return {
    url: server.listeningOrigin,
    get waitingIds() {
      return coalescer.waiting;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The schema, and the shapes of the record types in it; built once per process. */
export async function prepareSchema(): Promise<{
  schema: GraphQLSchema;
  shapes: ReadonlyMap<string, RecordShape>;
}> {
  const schema = await buildGatewaySchema();
  const shapes = recordTypes.map(({ recordClass }) =>
    recordShape(schema.getType(recordClass.name) as GraphQLObjectType),
  );
  return { schema, shapes: new Map(shapes.map((shape) => [shape.typeName, shape])) };
}

function createCoalescer(config: GatewayConfig, clock: Clock, client: VonageClient): Coalescer<RecordLane, Rows> {
  const fetcher = new RecordFetcher(client, new Credentials(config.apiKey, config.apiSecret));
  return new Coalescer({
    budget: new SlidingWindowBudget({ ratePerSecond: config.syncRate, clock }),
    clock,
    maxBatchSize: config.batchSize,
    send: (batch) => fetcher.fetch(batch),
  });
}

function createStore(schema: GraphQLSchema, clock: Clock, coalescer: Coalescer<RecordLane, Rows>): RecordStore {
  const decoders = recordTypes.map((entry) => {
    const type = schema.getType(entry.recordClass.name) as GraphQLObjectType;
    return [entry, compileDecoder(entry.recordClass, recordShape(type))] as const;
  });
  return new RecordStore({
    clock,
    decoders: new Map(decoders),
    load: (lookUp, caller) => coalescer.load(lookUp, caller),
  });
}
