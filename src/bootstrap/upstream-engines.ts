import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { rowsCodec, sizeOfRows } from '../retrieval/cache/rows-codec.js';
import { SchemaDrift } from '../retrieval/calls/schema-drift.js';
import type { Rows } from '../retrieval/lookup/lanes.js';
import { RecordEngine } from '../retrieval/record-engine.js';
import { type EngineScope, RecordEngines, type RunningEngine } from '../retrieval/record-engines.js';
import type { Cache } from '../traffic/cache/cache.js';
import { createCache } from '../traffic/cache/create-cache.js';
import { createRateLimiter } from '../traffic/rate-limit/create-rate-limiter.js';
import type { ModeDetails, RateLimiterMode } from '../traffic/rate-limit/distributed-rate-limiter-options.js';
import { Bulkhead } from '../traffic/resilience/bulkhead.js';
import { isUnencrypted } from '../urls.js';
import { VonageClient } from '../vonage/vonage-client.js';
import { maxIdsPerCall } from '../vonage/wire.js';
import type { ServedSchema } from './build-schema.js';
import { credentialsByAccount } from './configured-credentials.js';
import { upstreamLog } from './upstream-log.js';

export interface UpstreamEnginesOptions {
  readonly config: Config;
  readonly servedSchema: ServedSchema;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 (included) to 1 (excluded); spreads retries. */
  readonly random: () => number;
  /** Most bytes of rows that the cache keeps in memory. */
  readonly cacheBytes: number;
}

/** Unverified keys get a quarter of the connections to Vonage. A longer queue would outlast the deadlines of its operations. */
const unverifiedKeys = {
  maxConcurrent: 4,
  maxQueued: 100,
  overloadedMessage:
    'Too many callers wait whose keys Vonage has not accepted yet; try again after retryAfterMs.',
};

/** The engines of all keys, and what they share: connections, the memory of the cache and the record types, but no lookup. */
export class UpstreamEngines {
  readonly engines: RecordEngines;
  readonly #options: UpstreamEnginesOptions;
  readonly #client: VonageClient;
  readonly #cache: Cache<Rows>;
  readonly #schemaDrift: SchemaDrift;
  /** A client can invent any number of keys. Their calls leave most connections to callers with accepted keys. */
  readonly #unverifiedKeysBulkhead = new Bulkhead(unverifiedKeys);

  constructor(options: UpstreamEnginesOptions) {
    const { config, clock, logger, servedSchema, cacheBytes } = options;
    const { baseUrl, callTimeoutMs: timeoutMs } = config.vonage;
    this.#options = options;
    if (isUnencrypted(baseUrl))
      logger.warn('VONAGE_BASE_URL does not use https: the network can read secrets and records');
    this.#client = new VonageClient({ baseUrl, clock, timeoutMs });
    this.#cache = createCache<Rows>({
      redisUrl: config.redis.url,
      clock,
      maxBytes: cacheBytes,
      sizeOf: sizeOfRows,
      codec: rowsCodec,
      copyTtlMs: config.cache.pendingTtlMs,
    });
    this.#schemaDrift = new SchemaDrift(servedSchema.shapes, (difference) =>
      logger.warn(
        { difference },
        'rows of Vonage differ from the record types; the field `raw` shows the difference',
      ),
    );
    this.engines = new RecordEngines({
      clock,
      drainMs: config.limits.operationTimeoutMs,
      start: (scope) => this.#startEngine(scope),
    });
    this.engines.assign(credentialsByAccount(config.vonage));
  }

  /** Takes over the keys and secrets of a configuration. */
  reload(config: Config): void {
    this.engines.assign(credentialsByAccount(config.vonage));
  }

  /** Ends the calls to Vonage first, then what they depend on. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.engines.close();
    await this.#cache.close();
  }

  #startEngine({ name, credentials, isOwn }: EngineScope): RunningEngine {
    const { config, clock, random, logger, servedSchema } = this.#options;
    const { ratePerSecond, rateMarginMs } = config.vonage;
    const { url: redisUrl, replicas } = config.redis;
    const rate = { ratePerSecond, rateMarginMs, replicas };
    const onModeChange = rateLimiterLog(logger);
    const { rateLimiter, close } = createRateLimiter({ name, redisUrl, ...rate, clock, onModeChange });
    const engine = new RecordEngine({
      source: this.#client,
      cache: this.#cache,
      clock,
      random,
      credentials,
      cacheSpace: name,
      rateLimiter,
      unverifiedKeysBulkhead: isOwn ? this.#unverifiedKeysBulkhead : undefined,
      cachePolicy: config.cache,
      cacheMessageBodies: config.cache.messageBodies,
      batchSize: maxIdsPerCall,
      decoders: servedSchema.decoders,
      onRows: (lane, rows) => this.#schemaDrift.record(lane, rows),
      ...upstreamLog(logger),
      onRateLimited: (pauseMs) =>
        logger.warn({ pauseMs }, 'Vonage responded with status 429; all calls of the key pause'),
    });
    return { engine, close };
  }
}

/** Logs each change between the shared and the local mode once: the operator sees which part of the rate is used. */
function rateLimiterLog(logger: Logger) {
  return (mode: RateLimiterMode, details: ModeDetails): void => {
    const { localRatePerSecond, replicas, wasRedisReached, reason } = details;
    if (mode === 'shared') logger.warn({ mode }, 'Redis answers again; all replicas share the rate');
    else
      logger.warn(
        { mode, localRatePerSecond, replicas, wasRedisReached, reason },
        'Redis does not answer; this replica makes its part of the calls that the rate allows (REPLICAS sets the divisor)',
      );
  };
}
