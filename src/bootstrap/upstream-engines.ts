import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { SchemaDrift } from '../retrieval/calls/schema-drift.js';
import { CredentialsVerifier } from '../retrieval/credentials-verifier.js';
import type { RecordEngine, RecordEngineStats } from '../retrieval/record-engine.js';
import { RecordEngines } from '../retrieval/record-engines.js';
import { observers, type RetrievalObserver } from '../retrieval/retrieval-observer.js';
import { MemoryQuotaStore } from '../traffic/quota/memory-quota-store.js';
import type { QuotaStore } from '../traffic/quota/quota-store.js';
import { RedisQuotaStore } from '../traffic/quota/redis-quota-store.js';
import type { RateLimiterState } from '../traffic/rate-limit/create-rate-limiter.js';
import type { RedisKeySpace } from '../traffic/resilience/redis-key-space.js';
import { isUnencrypted } from '../urls.js';
import type { VonageClient } from '../vonage/vonage-client.js';
import { configuredAccounts, credentialsByAccount, RedisKeySpaces, VonageClients } from './api-keys.js';
import type { ServedSchema } from './build-schema.js';
import { checkCredentials } from './check-credentials.js';
import { EngineCaches } from './engine-caches.js';
import { EngineFactory } from './engine-factory.js';
import { callLog } from './event-log.js';

export interface UpstreamEnginesOptions {
  readonly config: Config;
  readonly servedSchema: ServedSchema;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 (included) to 1 (excluded); spreads retries. */
  readonly random: () => number;
  /** Most bytes of rows that the cache keeps in memory. */
  readonly cacheBytes: number;
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

/** The engines of all keys, and what they share: the memory of the caches, the quotas and the record types, but no lookup. */
export class UpstreamEngines {
  readonly engines: RecordEngines;
  /** Checks the keys that callers bring. */
  readonly verifier: CredentialsVerifier;
  /** What callers and keys may use. Replicas share it in the part of Redis of the key for the gateway's own account. */
  readonly quotaStore: QuotaStore;
  readonly caches: EngineCaches;
  readonly #options: UpstreamEnginesOptions;
  readonly #clients: VonageClients;
  readonly #factory: EngineFactory;
  /** For keys that Vonage has not accepted yet. */
  readonly #verifierClient: VonageClient;
  readonly #schemaDrift: SchemaDrift;
  readonly #keySpaces = new RedisKeySpaces(() => this.engines);
  #accounts: ReadonlySet<string>;
  #ownAccountId: string | undefined;

  constructor(options: UpstreamEnginesOptions) {
    const { config, clock, logger, metrics = {}, tracing = {}, cacheBytes } = options;
    this.#options = options;
    this.#accounts = configuredAccounts(config.vonage);
    this.#ownAccountId = config.vonage.accountId;
    if (isUnencrypted(config.vonage.baseUrl))
      logger.warn('VONAGE_BASE_URL does not use https: the network can read secrets and records');
    const observer = observers([callLog(logger, () => this.#accounts), metrics, tracing]);
    this.#clients = new VonageClients(config.vonage, clock);
    this.#verifierClient = this.#clients.openForVerifier();
    const keySpaces = this.#keySpaces;
    this.caches = new EngineCaches({ config, clock, logger, keySpaces, maxBytes: cacheBytes });
    this.quotaStore = this.#createQuotaStore();
    this.#schemaDrift = this.#createSchemaDrift();
    this.#factory = this.#createFactory(observer);
    this.engines = new RecordEngines({
      clock,
      drainMs: config.limits.operationTimeoutMs,
      start: (scope) => this.#factory.start(scope),
    });
    this.engines.assign(credentialsByAccount(config.vonage));
    this.verifier = this.#createVerifier(observer);
  }

  /** Takes over the keys and secrets of a configuration. */
  reload(config: Config): void {
    this.#accounts = configuredAccounts(config.vonage);
    this.#ownAccountId = config.vonage.accountId;
    this.engines.assign(credentialsByAccount(config.vonage));
  }

  stats(): UpstreamStats {
    const keys = this.engines.all.map((engine) => ({
      ...engine.stats(),
      accounts: this.#accountsOf(engine),
      rateLimiter: this.#factory.rateLimiterStateOf(engine),
    }));
    return { keys, own: this.engines.own.map((engine) => engine.stats()) };
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

  /** Ends the calls to Vonage that are in flight; what they return would be billed and lost anyway. */
  async abandonCalls(): Promise<void> {
    await this.#clients.abort();
  }

  /** Ends the calls to Vonage first, then what they depend on. */
  async close(): Promise<void> {
    await Promise.all([this.#clients.close(this.#verifierClient), this.engines.close()]);
    await this.caches.close();
    await this.quotaStore.close();
  }

  /** Accounts of the configuration that an engine reads. */
  #accountsOf(engine: RecordEngine): readonly string[] {
    return [...this.#accounts].filter((account) => this.engines.of(account) === engine);
  }

  #createQuotaStore(): QuotaStore {
    const { config, clock } = this.#options;
    return createQuotaStore({
      redisUrl: config.redis.url,
      commandTimeoutMs: config.redis.timeoutMs,
      clock,
      burst: config.limits.maxIds,
      keySpace: () => this.#keySpaces.ofAccount(this.#ownAccountId ?? ''),
    });
  }

  #createSchemaDrift(): SchemaDrift {
    const { servedSchema, logger } = this.#options;
    return new SchemaDrift(servedSchema.shapes, (difference) =>
      logger.warn(
        { difference },
        'rows of Vonage differ from the record types; the field `raw` shows the difference',
      ),
    );
  }

  #createFactory(observer: RetrievalObserver): EngineFactory {
    const { metrics } = this.#options;
    return new EngineFactory({
      ...this.#options,
      ...{ observer, caches: this.caches, quotaStore: this.quotaStore },
      clients: this.#clients,
      keySpaces: this.#keySpaces,
      schemaDrift: this.#schemaDrift,
      accounts: () => this.#accounts,
      accountsOf: (engine) => this.#accountsOf(engine),
      onOwnRefusal: (name, credentials) => this.verifier.recordRefusal(name, credentials),
      onPaused: (addedMs) => metrics?.onPaused(addedMs),
    });
  }

  #createVerifier(observer: RetrievalObserver): CredentialsVerifier {
    const { ownRateLimiters } = this.#factory;
    return new CredentialsVerifier({
      source: this.#verifierClient,
      clock: this.#options.clock,
      observer,
      leaseRateLimiter: (apiKey) => ownRateLimiters.lease(apiKey),
    });
  }
}

interface QuotaStoreOptions {
  /** The Redis in which replicas share the quotas; undefined for quotas of this process alone. */
  readonly redisUrl: string | undefined;
  /** Milliseconds after which a command to Redis has failed. A number from 1 up. */
  readonly commandTimeoutMs: number;
  readonly clock: Clock;
  /** Ids that a caller may look up at once: the largest operation that is allowed. An integer from 1 up. */
  readonly burst: number;
  /** The part of Redis in which the quotas are shared, as it is now: a changed secret changes it. */
  keySpace(): RedisKeySpace;
}

/** The quotas of callers, shared through Redis where a URL is given. */
function createQuotaStore({ redisUrl, ...options }: QuotaStoreOptions): QuotaStore {
  if (redisUrl === undefined) return new MemoryQuotaStore(options);
  return new RedisQuotaStore({ ...options, redis: redisUrl });
}
