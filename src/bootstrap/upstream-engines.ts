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
import { Bulkhead } from '../traffic/resilience/bulkhead.js';
import { isLoopback } from '../urls.js';
import { VonageClient } from '../vonage/vonage-client.js';
import type { ServedSchema } from './build-schema.js';
import { credentialsByAccount } from './configured-credentials.js';
import { upstreamLog } from './upstream-log.js';

export interface UpstreamEnginesOptions {
  readonly config: Config;
  readonly servedSchema: ServedSchema;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 up to, not including, 1; spreads retries. */
  readonly random: () => number;
  /** Bytes of rows kept in memory. */
  readonly cacheBytes: number;
}

/** A quarter of the connections to Vonage, and so many callers as find out soon whether they may come in. */
const unverifiedKeys = {
  maxConcurrent: 4,
  maxQueued: 100,
  refusal: 'Too many callers wait whose keys Vonage has not accepted yet; try again after retryAfterMs.',
};

/** The engines of all keys, and what they share: connections, the bytes of the cache and the record types; no state of look-ups. */
export class UpstreamEngines {
  readonly engines: RecordEngines;
  readonly #options: UpstreamEnginesOptions;
  readonly #client: VonageClient;
  readonly #cache: Cache<Rows>;
  readonly #schemaDrift: SchemaDrift;
  /** Anybody can make up keys; calls with them leave most connections to callers whose keys are good. */
  readonly #unverifiedKeysBulkhead = new Bulkhead(unverifiedKeys);

  constructor(options: UpstreamEnginesOptions) {
    const { config, clock, logger, servedSchema, cacheBytes } = options;
    const { baseUrl, callTimeoutMs: timeoutMs, redisUrl, cachePendingTtlMs: copyTtlMs } = config;
    this.#options = options;
    if (isReadableOnTheWay(baseUrl))
      logger.warn('VONAGE_BASE_URL is no https: secrets and records can be read on the way');
    this.#client = new VonageClient({ baseUrl, clock, timeoutMs });
    const bounds = { maxBytes: cacheBytes, sizeOf: sizeOfRows, codec: rowsCodec, copyTtlMs };
    this.#cache = createCache<Rows>({ redisUrl, clock, ...bounds });
    this.#schemaDrift = new SchemaDrift(servedSchema.shapes, (difference) =>
      logger.warn(
        { difference },
        "Vonage's rows differ from the record types; `raw` shows what fields do not",
      ),
    );
    this.engines = new RecordEngines({
      clock,
      drainMs: config.operationTimeoutMs,
      start: (scope) => this.#startEngine(scope),
    });
    this.engines.assign(credentialsByAccount(config));
  }

  /** Takes over other keys and secrets. */
  reload(config: Config): void {
    this.engines.assign(credentialsByAccount(config));
  }

  /** Ends what is on its way to Vonage, then what it rests on. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.engines.close();
    await this.#cache.close();
  }

  #startEngine({ name, credentials, isOwn }: EngineScope): RunningEngine {
    const { config, clock, random, logger, servedSchema } = this.#options;
    const { redisUrl, ratePerSecond, rateMarginMs } = config;
    const { rateLimiter, close } = createRateLimiter({ name, redisUrl, ratePerSecond, rateMarginMs, clock });
    const engine = new RecordEngine({
      source: this.#client,
      cache: this.#cache,
      clock,
      random,
      credentials,
      cacheSpace: name,
      rateLimiter,
      unverifiedKeysBulkhead: isOwn ? this.#unverifiedKeysBulkhead : undefined,
      cachePolicy: cachePolicyOf(config),
      cacheMessageBodies: config.cacheMessageBodies,
      batchSize: config.batchSize,
      decoders: servedSchema.decoders,
      onRows: (lane, rows) => this.#schemaDrift.record(lane, rows),
      ...upstreamLog(logger),
      onRateLimited: (pauseMs) => logger.warn({ pauseMs }, 'Vonage answered 429; all calls of the key pause'),
    });
    return { engine, close };
  }
}

function isReadableOnTheWay(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol !== 'https:' && !isLoopback(hostname);
}

function cachePolicyOf({ cacheFinalTtlMs, cachePendingTtlMs, cacheNotFoundTtlMs }: Config) {
  return { finalTtlMs: cacheFinalTtlMs, pendingTtlMs: cachePendingTtlMs, notFoundTtlMs: cacheNotFoundTtlMs };
}
