import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { rowsCodec, sizeOfRows } from '../retrieval/cache/rows-codec.js';
import { Drift } from '../retrieval/calls/schema-drift.js';
import type { Rows } from '../retrieval/lookup/lookup-result.js';
import { RecordEngine } from '../retrieval/record-engine.js';
import { type EngineScope, RecordEngines, type RunningEngine } from '../retrieval/record-engines.js';
import type { Cache } from '../traffic/cache/cache.js';
import { createCache } from '../traffic/cache/create-cache.js';
import { createBudget } from '../traffic/rate-limit/create-rate-limiter.js';
import { NarrowDoor } from '../traffic/resilience/bulkhead.js';
import { isLoopback } from '../urls.js';
import { VonageClient } from '../vonage/vonage-client.js';
import type { PreparedSchema } from './build-schema.js';
import { accountKeysOf } from './configured-credentials.js';

export interface EngineStackOptions {
  readonly config: Config;
  readonly prepared: PreparedSchema;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 up to, not including, 1; spreads retries. */
  readonly random: () => number;
  /** Bytes of rows kept in memory. */
  readonly cacheBytes: number;
}

/** A quarter of the connections to Vonage, and so many callers as find out soon whether they may come in. */
const newcomers = {
  atOnce: 4,
  waiting: 100,
  refusal: 'Too many callers wait whose keys Vonage has not accepted yet; try again after retryAfterMs.',
};

/** The engines of all keys, and what they share: connections, the bytes of the cache and the record types; no state of look-ups. */
export class EngineStack {
  readonly engines: RecordEngines;
  readonly #options: EngineStackOptions;
  readonly #client: VonageClient;
  readonly #cache: Cache<Rows>;
  readonly #drift: Drift;
  /** Anybody can make up keys; calls with them leave most connections to callers whose keys are good. */
  readonly #newcomersDoor = new NarrowDoor(newcomers);

  constructor(options: EngineStackOptions) {
    const { config, clock, logger, prepared, cacheBytes } = options;
    const { baseUrl, callTimeoutMs: timeoutMs, redisUrl, cacheOpenTtlMs: copyTtlMs } = config;
    this.#options = options;
    if (isReadableOnTheWay(baseUrl))
      logger.warn('VONAGE_BASE_URL is no https: secrets and records can be read on the way');
    this.#client = new VonageClient({ baseUrl, clock, timeoutMs });
    const bounds = { maxBytes: cacheBytes, sizeOf: sizeOfRows, codec: rowsCodec, copyTtlMs };
    this.#cache = createCache<Rows>({ redisUrl, clock, ...bounds });
    this.#drift = new Drift(prepared.shapes, (difference) =>
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
    this.engines.assign(accountKeysOf(config));
  }

  /** Takes over other keys and secrets. */
  reload(config: Config): void {
    this.engines.assign(accountKeysOf(config));
  }

  /** Ends what is on its way to Vonage, then what it rests on. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.engines.close();
    await this.#cache.close();
  }

  #startEngine({ name, credentials, isOwn }: EngineScope): RunningEngine {
    const { config, clock, random, logger, prepared } = this.#options;
    const { redisUrl, syncRate: ratePerSecond, arrivalJitterMs } = config;
    const { budget, close } = createBudget({ name, redisUrl, ratePerSecond, arrivalJitterMs, clock });
    const engine = new RecordEngine({
      source: this.#client,
      cache: this.#cache,
      clock,
      random,
      credentials,
      cacheSpace: name,
      budget,
      newcomersDoor: isOwn ? this.#newcomersDoor : undefined,
      cachePolicy: cachePolicyOf(config),
      keepMessageBodies: config.cacheMessageBodies,
      batchSize: config.batchSize,
      decoders: prepared.decoders,
      onAnswer: (lane, rows) => this.#drift.note(lane, rows),
      onRateLimited: (pauseMs) => logger.warn({ pauseMs }, 'Vonage answered 429; all calls of the key pause'),
    });
    return { engine, close };
  }
}

function isReadableOnTheWay(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol !== 'https:' && !isLoopback(hostname);
}

function cachePolicyOf({ cacheFinalTtlMs, cacheOpenTtlMs, cacheMissTtlMs }: Config) {
  return { finalTtlMs: cacheFinalTtlMs, openTtlMs: cacheOpenTtlMs, missTtlMs: cacheMissTtlMs };
}
