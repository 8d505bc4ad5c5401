import type { Clock } from '../../clock.js';
import { checkFinite } from '../check-range.js';
import { AdaptiveRate } from './adaptive-rate.js';
import {
  checkOptions,
  type DistributedRateLimiterOptions,
  type DistributedRateLimiterStats,
  type RateLimiterMode,
} from './distributed-rate-limiter-options.js';
import type { RateLimiter, StartedCall } from './rate-limiter.js';
import { RedisRateWindow, type WindowReply } from './redis-rate-window.js';
import { TokensInUse } from './tokens-in-use.js';

/** Milliseconds between two exchanges with Redis when nothing else asks for one. */
const heartbeatMs = 250;

/** Milliseconds from a failed exchange to the next one while the mode is still `shared`. */
const retryMs = 25;

/** Milliseconds of failures before the mode becomes `local`. A reconnection, or a stall of this process, is shorter. */
const toleranceMs = 200;

/** The same until Redis is reached for the first time. */
const startupMs = 1000;

/** Milliseconds in `shared` mode before a smaller number of replicas counts: after an outage they return one by one. */
const settlingMs = 5000;

/**
 * One rate limit for all replicas of an API key. In `shared` mode a sliding window in Redis grants the tokens. In `local`
 * mode, while Redis fails, each replica grants the rate divided by the number of replicas, rounded down but at least 1: more
 * replicas than calls a second exceed the rate. Both modes count the same tokens of this replica, so a change of the mode
 * grants no fresh burst.
 */
export class DistributedRateLimiter implements RateLimiter {
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #replicas: number | undefined;
  readonly #onModeChange: DistributedRateLimiterOptions['onModeChange'];
  readonly #window: RedisRateWindow;
  readonly #tokens: TokensInUse;
  readonly #adaptiveRate: AdaptiveRate;
  #grantedAtMs = -Infinity;
  readonly #waiting: (() => void)[] = [];
  #mode: RateLimiterMode = 'shared';
  #modeSinceMs: number;
  #wasRedisReached = false;
  #replicasSeen = 1;
  #pausedUntilMs = 0;
  /** Tokens that this replica can expect in one window. */
  #perWindow: number;
  /** When Redis can grant the next token to this replica; 0 in `local` mode. */
  #grantableAtMs = 0;
  #exchangedAtMs = 0;
  #isExchanging = false;
  /** Whether Redis is to be told something before the next heartbeat. */
  #isChanged = true;
  /** Since when all exchanges fail, and why the last one did. Always set in `local` mode. */
  #failure: { readonly sinceMs: number; readonly reason: string } | undefined;
  #redisFailures = 0;
  #isClosed = false;
  #cancelTimer: (() => void) | undefined;

  /** @throws {RangeError} that names the option whose value is out of range */
  constructor(options: DistributedRateLimiterOptions) {
    checkOptions(options);
    const { redis, key, ratePerSecond, clock, rateMarginMs = 15, commandTimeoutMs = 50 } = options;
    const windowMs = 1000 + rateMarginMs;
    this.ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#replicas = options.replicas;
    this.#onModeChange = options.onModeChange;
    this.#modeSinceMs = clock.now();
    this.#perWindow = ratePerSecond;
    this.#tokens = new TokensInUse(clock, ratePerSecond, rateMarginMs);
    this.#adaptiveRate = new AdaptiveRate({ ratePerSecond, windowMs, clock });
    this.#window = new RedisRateWindow({ redis, key, ratePerSecond, windowMs, commandTimeoutMs, clock });
    this.#schedule();
  }

  acquire(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  started(kind?: string): StartedCall {
    const startedAtMs = this.#adaptiveRate.started();
    const call = this.#tokens.start(kind);
    this.#recordChange();
    // A token that is free earlier is no news in which other replicas could go wrong.
    const responded = () => {
      if (call.responded()) this.#recordChange();
    };
    const refused = () => {
      this.#adaptiveRate.refused(startedAtMs);
      this.#recordChange();
    };
    return { responded, refused };
  }

  release(): void {
    this.#tokens.release();
    this.#recordChange();
  }

  /**
   * Pauses all replicas that Redis reaches.
   * @throws {RangeError} unless `durationMs` is a finite number; one of 0 or less changes nothing
   */
  pause(durationMs: number): void {
    checkFinite('durationMs', durationMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + durationMs);
    this.#recordChange();
  }

  /** Assumes that the other replicas go on as they did at the last exchange. */
  estimateMs(tokens: number): number {
    const before = Math.max(1, tokens) - 1;
    const ownMs = this.#tokens.waitMs(this.#perWindow - (before % this.#perWindow));
    const grantableInMs = this.#grantableInMs();
    const windowsMs =
      Math.max(0, ownMs, grantableInMs) + Math.floor(before / this.#perWindow) * this.#windowMs;
    return Math.max(windowsMs, grantableInMs + before * this.#spacingMs);
  }

  stats(): DistributedRateLimiterStats {
    return {
      ...this.#tokens.stats(),
      mode: this.#mode,
      replicas: this.#replicaCount,
      localRatePerSecond: this.#localRate,
      waiting: this.#waiting.length,
      pausedForMs: this.#pausedForMs,
      spacingMs: this.#spacingMs,
      redisFailures: this.#redisFailures,
    };
  }

  /** Removes this replica from the window. Callers that wait, or acquire later, receive no token. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#window.close(this.#tokens.freesInMs);
  }

  get #replicaCount(): number {
    return this.#replicas ?? this.#replicasSeen;
  }

  get #localRate(): number {
    return Math.max(1, Math.floor(this.ratePerSecond / this.#replicaCount));
  }

  get #pausedForMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#clock.now());
  }

  /** In `local` mode the replicas divide the pace like the rate. */
  get #spacingMs(): number {
    const { spacingMs } = this.#adaptiveRate;
    return this.#mode === 'local' ? spacingMs * this.#replicaCount : spacingMs;
  }

  #grantableInMs(): number {
    const spacedAtMs = this.#mode === 'local' ? this.#grantedAtMs + this.#spacingMs : 0;
    return Math.max(this.#grantableAtMs, this.#pausedUntilMs, spacedAtMs) - this.#clock.now();
  }

  #recordChange(): void {
    this.#isChanged = true;
    this.#schedule();
  }

  /** Sets the one timer to what is due next. */
  #schedule(): void {
    this.#cancelTimer?.();
    if (this.#isClosed) return;
    const dueInMs = Math.min(this.#exchangeAtMs() - this.#clock.now(), this.#localGrantInMs());
    if (dueInMs < Infinity) this.#cancelTimer = this.#clock.setTimer(Math.max(0, dueInMs), () => this.#act());
  }

  #exchangeAtMs(): number {
    if (this.#isExchanging) return Infinity;
    if (this.#failure) return this.#exchangedAtMs + (this.#mode === 'local' ? heartbeatMs : retryMs);
    if (this.#isChanged) return 0;
    const isAnyWaiting = this.#waiting.length > 0;
    const grantAtMs = isAnyWaiting ? Math.max(this.#grantableAtMs, this.#pausedUntilMs) : Infinity;
    return Math.min(this.#exchangedAtMs + heartbeatMs, grantAtMs);
  }

  #localGrantInMs(): number {
    return this.#mode === 'local' && this.#waiting.length > 0 ? this.estimateMs(1) : Infinity;
  }

  #act(): void {
    while (this.#localGrantInMs() <= 0) this.#grant();
    if (this.#exchangeAtMs() <= this.#clock.now()) void this.#exchange();
    this.#schedule();
  }

  #grant(): void {
    this.#tokens.acquire();
    this.#grantedAtMs = this.#clock.now();
    this.#waiting.shift()?.();
  }

  async #exchange(): Promise<void> {
    this.#isExchanging = true;
    this.#isChanged = false;
    this.#exchangedAtMs = this.#clock.now();
    const { held, freesInMs } = this.#tokens;
    const pauseMs = this.#pausedForMs;
    const { spacingMs } = this.#adaptiveRate;
    const wanted = pauseMs > 0 ? 0 : this.#waiting.length;
    try {
      await this.#window.exchange({ held, freesInMs, pauseMs, spacingMs }, wanted).then(
        (reply) => this.#useReply(reply),
        (error: Error) => this.#recordFailure(error),
      );
    } finally {
      this.#isExchanging = false;
      this.#schedule();
    }
  }

  #useReply({ granted, waitMs, perWindow, replicas }: WindowReply): void {
    if (this.#isClosed) return;
    const nowMs = this.#clock.now();
    this.#wasRedisReached = true;
    this.#failure = undefined;
    this.#countReplicas(replicas);
    if (this.#mode === 'local') this.#changeMode('shared');
    this.#perWindow = perWindow;
    this.#grantableAtMs = nowMs + waitMs;
    // A pause may have started since the request. The next exchange does not list the tokens that are not accepted here.
    const accepted = this.#pausedForMs > 0 ? 0 : Math.min(granted, this.#waiting.length);
    for (let each = 0; each < accepted; each += 1) this.#grant();
    this.#isChanged ||= accepted < granted;
  }

  #countReplicas(replicas: number): void {
    const isSettled = this.#mode === 'shared' && this.#clock.now() - this.#modeSinceMs >= settlingMs;
    if (isSettled || replicas > this.#replicasSeen) this.#replicasSeen = replicas;
  }

  #recordFailure({ message }: Error): void {
    if (this.#isClosed) return;
    const nowMs = this.#clock.now();
    this.#redisFailures += 1;
    this.#failure = { sinceMs: this.#failure?.sinceMs ?? nowMs, reason: message };
    const toleratedMs = this.#wasRedisReached ? toleranceMs : startupMs;
    if (this.#mode === 'shared' && nowMs - this.#failure.sinceMs >= toleratedMs) this.#changeMode('local');
  }

  #changeMode(mode: RateLimiterMode): void {
    this.#mode = mode;
    this.#modeSinceMs = this.#clock.now();
    this.#perWindow = this.#localRate;
    this.#grantableAtMs = 0;
    const wasRedisReached = this.#wasRedisReached;
    this.#onModeChange?.(mode, { ...this.stats(), wasRedisReached, reason: this.#failure?.reason });
  }
}
