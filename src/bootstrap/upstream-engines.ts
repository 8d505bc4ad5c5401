import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { rowsCodec, sizeOfRows } from '../retrieval/cache/rows-codec.js';
import { DailyCap, type DailyUsageLevel } from '../retrieval/calls/daily-cap.js';
import { SchemaDrift } from '../retrieval/calls/schema-drift.js';
import type { Rows } from '../retrieval/lookup/lanes.js';
import { RecordEngine, type RecordEngineStats } from '../retrieval/record-engine.js';
import { type EngineScope, RecordEngines, type RunningEngine } from '../retrieval/record-engines.js';
import { observers, type RetrievalObserver } from '../retrieval/retrieval-observer.js';
import { CredentialsVerifier } from '../retrieval/verification/credentials-verifier.js';
import type { Cache, CacheStats } from '../traffic/cache/cache.js';
import { createCache } from '../traffic/cache/create-cache.js';
import type { MemoryCacheStats } from '../traffic/cache/memory-cache.js';
import type { RedisCacheStats } from '../traffic/cache/redis-cache.js';
import type { QuotaStore } from '../traffic/quota/quota-store.js';
import { createRateLimiter, type RateLimiterState } from '../traffic/rate-limit/create-rate-limiter.js';
import type { RedisKeySpace } from '../traffic/resilience/redis-key-space.js';
import { isUnencrypted } from '../urls.js';
import { VonageClient } from '../vonage/vonage-client.js';
import { maxIdsPerCall } from '../vonage/wire.js';
import { configuredAccounts } from './accounts.js';
import type { ServedSchema } from './build-schema.js';
import { checkCredentials } from './check-credentials.js';
import { credentialsByAccount } from './configured-credentials.js';
import { OwnRateLimiters } from './own-rate-limiters.js';
import { createPageCaches, type PageCaches } from './page-caches.js';
import { RedisKeySpaces } from './redis-key-spaces.js';
import {
  callLog,
  circuitLog,
  credentialsLog,
  dailyCapLog,
  driftLog,
  rateLimiterLog,
  redisLog,
  refusalLog,
  slowRedisLog,
} from './upstream-log.js';

export interface UpstreamEnginesOptions {
  readonly config: Config;
  readonly servedSchema: ServedSchema;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 (included) to 1 (excluded); spreads retries. */
  readonly random: () => number;
  /** Most bytes of rows that the cache keeps in memory. */
  readonly cacheBytes: number;
  /** Counts the records that each key is billed in a day. */
  readonly quotaStore: QuotaStore;
  /** Told of every call, lookup and pause besides the log. */
  readonly metrics?: UpstreamMetrics | undefined;
  /** Told of every call. */
  readonly tracing?: Pick<RetrievalObserver, 'onCallEnded'>;
}

/** Receives the events of the engines. */
interface UpstreamMetrics extends RetrievalObserver {
  /** Called with the milliseconds by which a 429 extends the pause of a key. */
  onPaused(addedMs: number): void;
}

/** Gauges and counters of the engines. */
export interface UpstreamStats {
  /** Engines of the operator's keys, with the accounts that each reads. */
  readonly keys: readonly KeyStats[];
  readonly own: readonly RecordEngineStats[];
}

/** The engine of one API key of the operator. */
interface KeyStats extends RecordEngineStats {
  readonly accounts: readonly string[];
  readonly rateLimiter: RateLimiterState;
}

/** The cache of records. */
interface CacheUsage {
  /** Bytes in memory. */
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Whether Redis can be used now; undefined where none is configured. */
  readonly isRedisUp: boolean | undefined;
}

const forgedValue =
  'Redis holds a record that no replica wrote; the gateway ignores it. Check what else can write to this Redis.';

/** Open connections of all keys that Vonage has not accepted yet, at most. */
const verifierConnections = 16;

/** Open connections of one key at most, whatever its rate is. */
const maxConnectionsOfKey = 256;

/** As many connections as calls of one key can be in flight: the rate for as long as a call may take. */
function connectionsFor({ ratePerSecond, callTimeoutMs }: Config['vonage']): number {
  return Math.min(maxConnectionsOfKey, Math.ceil((ratePerSecond * callTimeoutMs) / 1000));
}

/** The engines of all keys, and what they share: the memory of the cache and the record types, but no lookup. */
export class UpstreamEngines {
  readonly engines: RecordEngines;
  /** Checks the keys that callers bring. */
  readonly verifier: CredentialsVerifier;
  readonly #options: UpstreamEnginesOptions;
  /** Every client that is not closed. */
  readonly #clients = new Set<VonageClient>();
  /** For keys that Vonage has not accepted yet. */
  readonly #verifierClient: VonageClient;
  readonly #cache: Cache<Rows>;
  readonly #pageCaches: PageCaches;
  readonly #limiterStates = new WeakMap<RecordEngine, () => RateLimiterState>();
  readonly #observer: RetrievalObserver;
  readonly #schemaDrift: SchemaDrift;
  readonly #ownRateLimiters: OwnRateLimiters;
  readonly #keySpaces = new RedisKeySpaces(() => this.engines);
  #accounts: ReadonlySet<string>;
  #ownAccountId: string | undefined;

  constructor(options: UpstreamEnginesOptions) {
    const { config, clock, logger, servedSchema, cacheBytes } = options;
    this.#options = options;
    this.#accounts = configuredAccounts(config.vonage);
    this.#ownAccountId = config.vonage.accountId;
    const { metrics = {}, tracing = {} } = options;
    this.#observer = observers([callLog(logger, () => this.#accounts), metrics, tracing]);
    if (isUnencrypted(config.vonage.baseUrl))
      logger.warn('VONAGE_BASE_URL does not use https: the network can read secrets and records');
    this.#verifierClient = this.#createClient(verifierConnections);
    this.#cache = this.#createCache(cacheBytes);
    this.#pageCaches = createPageCaches(config, {
      clock,
      keySpaceOf: (key) => this.#keySpaces.ofCacheKey(key),
      onForgedValue: () => logger.warn(forgedValue),
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
    this.#ownRateLimiters = new OwnRateLimiters(clock, () => this.#createRateLimiter());
    this.verifier = new CredentialsVerifier({
      source: this.#verifierClient,
      clock,
      observer: this.#observer,
      leaseRateLimiter: (apiKey) => this.#ownRateLimiters.lease(apiKey),
    });
  }

  /** Takes over the keys and secrets of a configuration. */
  reload(config: Config): void {
    this.#accounts = configuredAccounts(config.vonage);
    this.#ownAccountId = config.vonage.accountId;
    this.engines.assign(credentialsByAccount(config.vonage));
  }

  /** The part of Redis in which the quotas of callers are shared: that of the key for the gateway's own account. */
  get quotaKeySpace(): RedisKeySpace {
    return this.#keySpaces.ofAccount(this.#ownAccountId ?? '');
  }

  stats(): UpstreamStats {
    const keys = this.engines.all.map((engine) => ({
      ...engine.stats(),
      accounts: this.#accountsOf(engine),
      rateLimiter: this.#limiterStates.get(engine)?.() ?? { mode: 'local', spacingMs: 0 },
    }));
    return { keys, own: this.engines.own.map((engine) => engine.stats()) };
  }

  /** Use of the cache that the engines share. */
  get cacheUsage(): CacheUsage {
    return usageOf(this.#cache);
  }

  /** Makes one free call with each API key of the operator, and logs its outcome. Never rejects. */
  async checkCredentials(): Promise<void> {
    const { logger, clock } = this.#options;
    const checks = this.engines.all.map((engine) => {
      const [account] = this.#accountsOf(engine);
      return account === undefined ? undefined : checkCredentials(engine, account, logger, clock);
    });
    await Promise.all(checks);
  }

  /** Counts of differences between rows and record types. */
  get drift(): ReturnType<SchemaDrift['byKind']> {
    return this.#schemaDrift.byKind();
  }

  /** Accounts of the configuration that an engine reads. */
  #accountsOf(engine: RecordEngine): readonly string[] {
    return [...this.#accounts].filter((account) => this.engines.of(account) === engine);
  }

  /** Ends the calls to Vonage that are in flight; what they return would be billed and lost anyway. */
  async abandonCalls(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.abort()));
  }

  /** Ends the calls to Vonage first, then what they depend on. */
  async close(): Promise<void> {
    await Promise.all([this.#verifierClient.close(), this.engines.close()]);
    await this.#cache.close();
    const { shared, ownProcess, claims } = this.#pageCaches;
    await Promise.all([shared.close(), ownProcess.close(), claims.close()]);
  }

  /** The count belongs to the key and not to its engine: a reload can replace it, and each secret of a caller has its own. */
  #dailyCap(name: string, onUsageLevel?: (level: DailyUsageLevel) => void): DailyCap | undefined {
    const { config, clock, quotaStore } = this.#options;
    const { recordsPerDay } = config.vonage;
    if (recordsPerDay === undefined) return undefined;
    // No caller has a name that begins like this.
    return new DailyCap({ quotaStore, name: `api-key:${name}`, recordsPerDay, clock, onUsageLevel });
  }

  #startEngine({ name, credentials, isOwn }: EngineScope): RunningEngine {
    const { config, clock, random, logger, servedSchema } = this.#options;
    const { rateLimiter, state, close } = isOwn
      ? this.#ownRateLimiters.lease(credentials().apiKey)
      : this.#createRateLimiter({ url: config.redis.url, keySpace: () => this.#keySpaces.of(credentials()) });
    const client = this.#createClient(connectionsFor(config.vonage));
    const engine: RecordEngine = new RecordEngine({
      source: client,
      pageSource: client,
      pageCache: this.#pageCaches.shared,
      privatePageCache: this.#pageCaches.ownProcess,
      pageClaims: this.#pageCaches.claims,
      cache: this.#cache,
      clock,
      random,
      credentials,
      cacheSpace: name,
      rateLimiter,
      dailyCap: isOwn
        ? this.#dailyCap(credentials().apiKey)
        : this.#dailyCap(
            name,
            dailyCapLog(logger, () => this.#accountsOf(engine)),
          ),
      cachePolicy: config.cache,
      cacheMessageBodies: config.cache.messageBodies,
      batchSize: maxIdsPerCall,
      decoders: servedSchema.decoders,
      onRows: (lane, rows) => this.#schemaDrift.record(lane, rows),
      ...refusalLog(logger, () => this.#accounts),
      onIdFieldDrift: driftLog(logger),
      observer: this.#observer,
      onRateLimited: this.#onRateLimited(state),
      onCredentialsChange: isOwn
        ? (isAccepted) => isAccepted || this.verifier.recordRefusal(name, credentials())
        : credentialsLog(logger, () => this.#accountsOf(engine)),
      onCircuitChange: isOwn ? undefined : circuitLog(logger, new URL(config.vonage.baseUrl).host),
    });
    this.#limiterStates.set(engine, state);
    return { engine, close: () => this.#closeClient(client).then(close) };
  }

  async #closeClient(client: VonageClient): Promise<void> {
    await client.close();
    this.#clients.delete(client);
  }

  #createCache(maxBytes: number): Cache<Rows> {
    const { config, clock, logger } = this.#options;
    return createCache<Rows>({
      redisUrl: config.redis.url,
      clock,
      maxBytes,
      sizeOf: sizeOfRows,
      codec: rowsCodec,
      copyTtlMs: config.cache.pendingTtlMs,
      commandTimeoutMs: config.redis.timeoutMs,
      onRedisChange: redisLog(logger),
      onSlowChange: slowRedisLog(logger, config.redis.timeoutMs),
      keySpaceOf: (key) => this.#keySpaces.ofCacheKey(key),
      onForgedValue: () => logger.warn(forgedValue),
    });
  }

  /** Each key has connections of its own, so that calls of one key that hang hold back no other key. */
  #createClient(maxConnections: number): VonageClient {
    const { config, clock } = this.#options;
    const { baseUrl, callTimeoutMs: timeoutMs } = config.vonage;
    const client = new VonageClient({ baseUrl, clock, timeoutMs, maxConnections });
    this.#clients.add(client);
    return client;
  }

  /** @param shared where replicas share the rate; without it this process has a rate of its own */
  #createRateLimiter(shared?: { readonly url: string | undefined; keySpace(): RedisKeySpace }) {
    const { config, clock, logger } = this.#options;
    const { ratePerSecond, rateMarginMs } = config.vonage;
    return createRateLimiter({
      ...{ ratePerSecond, rateMarginMs, replicas: config.redis.replicas, clock },
      commandTimeoutMs: config.redis.timeoutMs,
      onModeChange: rateLimiterLog(logger),
      redis: shared,
    });
  }

  /** Several calls of one key can get a 429 at once, and their pauses overlap. */
  #onRateLimited(state: () => RateLimiterState): (pauseMs: number) => void {
    const { logger, clock, metrics } = this.#options;
    let pausedUntilMs = -Infinity;
    return (pauseMs) => {
      const nowMs = clock.now();
      const untilMs = nowMs + pauseMs;
      metrics?.onPaused(Math.max(0, untilMs - Math.max(nowMs, pausedUntilMs)));
      if (nowMs >= pausedUntilMs)
        logger.warn(
          { pauseMs, spacingMs: Math.round(state().spacingMs) },
          'Vonage responded with status 429; all calls of the key pause, and then start further apart',
        );
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    };
  }
}

/** A cache in memory has its counters at the top, and one with Redis has them by tier. */
function usageOf(cache: Cache<Rows>): CacheUsage {
  const { hits, misses, ...stats } = cache.stats() as CacheStats & {
    readonly bytes?: number;
    readonly memory?: MemoryCacheStats;
    readonly shared?: RedisCacheStats;
  };
  return {
    hits,
    misses,
    bytes: stats.bytes ?? stats.memory?.bytes ?? 0,
    isRedisUp: stats.shared?.redis.isUsable,
  };
}
