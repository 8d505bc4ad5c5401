import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { DailyCap, type DailyUsageLevel } from '../retrieval/calls/daily-cap.js';
import type { SchemaDrift } from '../retrieval/calls/schema-drift.js';
import type { CredentialsVerifier } from '../retrieval/credentials-verifier.js';
import { RecordEngine, type RecordEngineOptions } from '../retrieval/record-engine.js';
import type { EngineScope, RunningEngine } from '../retrieval/record-engines.js';
import type { RetrievalObserver } from '../retrieval/retrieval-observer.js';
import type { QuotaStore } from '../traffic/quota/quota-store.js';
import {
  createRateLimiter,
  type RateLimiterState,
  type RunningRateLimiter,
} from '../traffic/rate-limit/create-rate-limiter.js';
import type { RedisKeySpace } from '../traffic/resilience/redis-key-space.js';
import { maxIdsPerCall } from '../vonage/wire.js';
import { OwnRateLimiters, type RedisKeySpaces, type VonageClients } from './api-keys.js';
import type { ServedSchema } from './build-schema.js';
import type { EngineCaches } from './engine-caches.js';
import {
  circuitLog,
  credentialsLog,
  dailyCapLog,
  driftLog,
  pauseLog,
  rateLimiterLog,
  refusalLog,
} from './event-log.js';

export interface EngineFactoryOptions {
  readonly config: Config;
  readonly servedSchema: ServedSchema;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 (included) to 1 (excluded); spreads retries. */
  readonly random: () => number;
  readonly caches: EngineCaches;
  readonly clients: VonageClients;
  readonly keySpaces: RedisKeySpaces;
  /** Counts the records that each key is billed in a day. */
  readonly quotaStore: QuotaStore;
  readonly observer: RetrievalObserver;
  readonly schemaDrift: SchemaDrift;
  /** Accounts that the operator configured. */
  accounts(): ReadonlySet<string>;
  /** Accounts of the configuration that an engine reads. */
  accountsOf(engine: RecordEngine): readonly string[];
  /** Told when Vonage refuses the credentials of a caller. */
  onOwnRefusal: CredentialsVerifier['recordRefusal'];
  /** Called with the milliseconds by which a 429 extends the pause of a key. */
  onPaused?(addedMs: number): void;
}

/** Builds the engine of one API key with a client, a rate limiter and a daily cap of its own. */
export class EngineFactory {
  /** Rate limiters of the keys that callers bring. */
  readonly ownRateLimiters: OwnRateLimiters;
  readonly #options: EngineFactoryOptions;
  readonly #limiterStates = new WeakMap<RecordEngine, () => RateLimiterState>();

  constructor(options: EngineFactoryOptions) {
    this.#options = options;
    this.ownRateLimiters = new OwnRateLimiters(options.clock, () => this.#createRateLimiter());
  }

  start(scope: EngineScope): RunningEngine {
    const { clients } = this.#options;
    const { rateLimiter, state, close } = this.#rateLimiterFor(scope);
    const client = clients.openForKey();
    const parts = { source: client, pageSource: client, rateLimiter };
    const engine: RecordEngine = new RecordEngine({
      ...parts,
      ...this.#sharedParts(),
      ...this.#partsOf(scope, () => engine),
      onRateLimited: this.#onRateLimited(state),
    });
    this.#limiterStates.set(engine, state);
    return { engine, close: () => clients.close(client).then(close) };
  }

  rateLimiterStateOf(engine: RecordEngine): RateLimiterState {
    return this.#limiterStates.get(engine)?.() ?? { mode: 'local', spacingMs: 0 };
  }

  /** What all engines have in common. */
  #sharedParts() {
    const { config, clock, random, logger, servedSchema, caches, observer, schemaDrift, accounts } =
      this.#options;
    return {
      ...{ clock, random, observer },
      ...refusalLog(logger, accounts),
      cache: caches.records,
      pageCache: caches.pages,
      privatePageCache: caches.privatePages,
      pageClaims: caches.pageClaims,
      cachePolicy: config.cache,
      cacheMessageBodies: config.cache.messageBodies,
      batchSize: maxIdsPerCall,
      decoders: servedSchema.decoders,
      onRows: (...rows) => schemaDrift.record(...rows),
      onIdFieldDrift: driftLog(logger),
    } satisfies Partial<RecordEngineOptions>;
  }

  /** What depends on whether the key is a caller's own: its events are no news for the operator. */
  #partsOf({ name, credentials, isOwn }: EngineScope, engine: () => RecordEngine) {
    const { config, logger, accountsOf, onOwnRefusal } = this.#options;
    const scope = { credentials, cacheSpace: name };
    if (isOwn)
      return {
        ...scope,
        dailyCap: this.#dailyCap(credentials().apiKey),
        onCredentialsChange: (isAccepted: boolean) => isAccepted || onOwnRefusal(name, credentials()),
      };
    const accounts = () => accountsOf(engine());
    return {
      ...scope,
      dailyCap: this.#dailyCap(name, dailyCapLog(logger, accounts)),
      onCredentialsChange: credentialsLog(logger, accounts),
      onCircuitChange: circuitLog(logger, new URL(config.vonage.baseUrl).host),
    };
  }

  /** The count belongs to the key and not to its engine: a reload can replace it, and each secret of a caller has its own. */
  #dailyCap(name: string, onUsageLevel?: (level: DailyUsageLevel) => void): DailyCap | undefined {
    const { config, clock, quotaStore } = this.#options;
    const { recordsPerDay } = config.vonage;
    if (recordsPerDay === undefined) return undefined;
    // No caller has a name that begins like this.
    return new DailyCap({ quotaStore, name: `api-key:${name}`, recordsPerDay, clock, onUsageLevel });
  }

  #rateLimiterFor({ credentials, isOwn }: EngineScope): RunningRateLimiter {
    const { config, keySpaces } = this.#options;
    if (isOwn) return this.ownRateLimiters.lease(credentials().apiKey);
    return this.#createRateLimiter({ url: config.redis.url, keySpace: () => keySpaces.of(credentials()) });
  }

  /** @param redis where replicas share the rate; without it this process has a rate of its own */
  #createRateLimiter(redis?: { readonly url: string | undefined; keySpace(): RedisKeySpace }) {
    const { config, clock, logger } = this.#options;
    const { ratePerSecond, rateMarginMs } = config.vonage;
    return createRateLimiter({
      ...{ ratePerSecond, rateMarginMs, replicas: config.redis.replicas, clock, redis },
      commandTimeoutMs: config.redis.timeoutMs,
      onModeChange: rateLimiterLog(logger),
    });
  }

  /** Several calls of one key can get a 429 at once, and their pauses overlap. */
  #onRateLimited(state: () => RateLimiterState): (pauseMs: number) => void {
    const { logger, clock, onPaused } = this.#options;
    const log = pauseLog(logger);
    let pausedUntilMs = -Infinity;
    return (pauseMs) => {
      const nowMs = clock.now();
      const untilMs = nowMs + pauseMs;
      onPaused?.(Math.max(0, untilMs - Math.max(nowMs, pausedUntilMs)));
      if (nowMs >= pausedUntilMs) log(pauseMs, state().spacingMs);
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    };
  }
}
