import type { Clock } from '../../clock.js';
import type { RedisSource } from '../resilience/redis-connection.js';
import type { RateLimiter, StartedCall } from './rate-limiter.js';
import { RedisRateWindow, type WindowState } from './redis-rate-window.js';
import { SlidingWindowRateLimiter } from './sliding-window-rate-limiter.js';

/** Replicas of one key must be given the same options, or they will not agree on what a second holds. */
export interface DistributedRateLimiterOptions {
  /** A connection of its own, which is left open, or a URL. */
  readonly redis: RedisSource;
  /** Where the budget is kept; one for each API key. Not empty. */
  readonly key: string;
  /** Calls of all replicas that may begin in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /** Milliseconds added to the second, as for `SlidingWindowRateLimiter`. A number from 0 up. Default: 15. */
  readonly rateMarginMs?: number;
  /** Milliseconds after which Redis counts as not answering. A number from 1 up. Default: 50. */
  readonly commandTimeoutMs?: number;
  /** Milliseconds at most between two signs of life of a replica. A number from 1 up. Default: 200. */
  readonly heartbeatMs?: number;
  /** Milliseconds at most between two tries whether Redis answers again. A number from 1 up. Default: 500. */
  readonly probeMs?: number;
  /**
   * Milliseconds within which every replica notices that Redis is back: its probe, and its connection's slowest try. A
   * Redis that has lost its data grants nothing for so long, and one window. A number from `probeMs` up. Default: 1,500.
   */
  readonly noticeMs?: number;
  /**
   * Milliseconds for which the share of a replica that vanished is kept free for it. After that it is believed to have
   * ended; if it was only cut off, it makes its calls beside the others'. A number from 5,000 up, and longer than
   * Redis and the replicas take to notice each other with the times above. Default: 10,000.
   */
  readonly forgetAfterMs?: number;
  /** Replicas assumed where Redis has not answered since the start. An integer from 1 up. Default: `ratePerSecond`. */
  readonly assumedReplicas?: number;
}

/** A token of whoever granted it. */
interface Token extends Pick<RateLimiter, 'started' | 'release'> {
  readonly takenAtMs: number;
  /** Whether this replica granted it alone, so that Redis does not know of it. */
  readonly isLone: boolean;
}

/** Who grants: Redis for all replicas, this one alone, or nobody until it is certain that nobody else grants the same. */
type Phase =
  | { readonly name: 'shared' }
  | { readonly name: 'cut off'; readonly aloneFromMs: number }
  | { readonly name: 'alone'; readonly rateLimiter: SlidingWindowRateLimiter | undefined }
  | { readonly name: 'rejoining' };

/**
 * One budget for all replicas of an API key. While Redis answers, it grants: a token frees one window after the call that
 * used it began, by the clock of Redis and whichever replica began it. While it does not, every replica grants its share,
 * which Redis told it in good time and which with all others' shares makes no more than the rate.
 *
 * The two never meet in one second. A replica that is cut off grants nothing until Redis, if it is there for the others,
 * has missed it and has kept its share free for a whole window; it does not come back before its own last call is a
 * window old; and a Redis without data waits until every replica has noticed it.
 *
 * A share is a whole number of calls. With more replicas than calls in a second, some have none and wait for Redis: calls
 * of replicas that cannot hear each other may fall together, however rarely each of them calls.
 */
export class DistributedRateLimiter implements RateLimiter {
  readonly ratePerSecond: number;
  readonly #clock: Clock;
  readonly #jitterMs: number;
  readonly #windowMs: number;
  readonly #heartbeatMs: number;
  readonly #timeoutMs: number;
  readonly #probeMs: number;
  /** From the last question until this replica may grant its share, whenever Redis has seen that question. */
  readonly #apartMs: number;
  readonly #warmUpMs: number;
  readonly #window: RedisRateWindow;
  readonly #stopListening: () => void;
  readonly #waiting: (() => void)[] = [];
  /** Tokens whose calls have not told that they began, oldest first. Each is told of or given back, at the latest when its call times out. */
  readonly #held: Token[] = [];
  #phase: Phase;
  #share: number;
  #replicas: number;
  #answer: WindowState | undefined;
  #answeredAtMs = 0;
  #askedAtMs: number;
  #probeAtMs = -Infinity;
  #probeGapMs = 0;
  /** When this replica used a token last that Redis does not know of. */
  #aloneAtMs = -Infinity;
  #pausedUntilMs = 0;
  #isAsking = false;
  #isClosed = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: DistributedRateLimiterOptions) {
    const { clock, key, ratePerSecond } = options;
    const settings = checked(options);
    const { rateMarginMs, commandTimeoutMs, heartbeatMs, probeMs, noticeMs, forgetAfterMs } = settings;
    this.ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#jitterMs = rateMarginMs;
    this.#windowMs = 1000 + rateMarginMs;
    this.#heartbeatMs = heartbeatMs;
    this.#timeoutMs = commandTimeoutMs;
    this.#probeMs = probeMs;
    const missingAfterMs = 2 * (heartbeatMs + commandTimeoutMs);
    // A question may be seen by Redis until it is too old, which the two clocks know to within one more timeout.
    this.#apartMs = 2 * commandTimeoutMs + missingAfterMs + this.#windowMs;
    this.#warmUpMs = noticeMs + 2 * commandTimeoutMs + this.#windowMs;
    this.#replicas = settings.assumedReplicas;
    this.#share = Math.max(1, Math.floor(ratePerSecond / this.#replicas));
    this.#askedAtMs = clock.now();
    this.#phase = this.#cutOff();
    atLeast('forgetAfterMs', forgetAfterMs, Math.max(5000, this.#apartMs, this.#warmUpMs));
    this.#window = new RedisRateWindow({
      redis: options.redis,
      key,
      ratePerSecond,
      clock,
      commandTimeoutMs,
      windowMs: this.#windowMs,
      missingAfterMs,
      forgetAfterMs,
      warmUpMs: this.#warmUpMs,
    });
    this.#stopListening = this.#window.onConnected(() => this.#probeSoon());
    this.#rest();
  }

  /** Who grants at present. */
  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  /** Replicas that share the budget, as far as is known. */
  get replicas(): number {
    return this.#replicas;
  }

  /** Calls a second that this replica may make when Redis does not answer. */
  get share(): number {
    return this.#share;
  }

  /** Number of those who wait for a token. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Milliseconds until the next token, as far as can be told. */
  get waitMs(): number {
    return this.estimateMs(1);
  }

  acquire(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#rest();
    });
  }

  started(): StartedCall | undefined {
    const call = this.#held.shift()?.started();
    this.#rest();
    return call;
  }

  release(): void {
    this.#held.pop()?.release();
    this.#rest();
  }

  pause(durationMs: number): void {
    if (!Number.isFinite(durationMs)) {
      throw new RangeError(`Expected \`durationMs\` to be a finite number, got ${durationMs}`);
    }
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + durationMs);
    if (durationMs > 0) this.#window.pause(durationMs);
    this.#rest();
  }

  /** Other replicas are assumed to go on as they do, but to leave this one its share. */
  estimateMs(tokens: number): number {
    const pausedMs = Math.max(0, this.#pausedUntilMs - this.#clock.now());
    return Math.max(pausedMs, this.#estimateMs(tokens));
  }

  /** Leaves the budget to the other replicas. Who waits for a token now, or takes one later, will not get it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#stopListening();
    // Calls made alone stand in no window; until they are old, this replica's place must be kept.
    if (this.#phase.name === 'shared' || this.#phase.name === 'cut off') await this.#window.leave();
    this.#window.close();
  }

  #estimateMs(tokens: number): number {
    const now = this.#clock.now();
    const phase = this.#phase;
    const share = Math.max(1, this.#share);
    const fromShareMs = Math.floor(Math.max(0, tokens - 1) / share) * this.#windowMs;
    switch (phase.name) {
      case 'shared':
        return this.#estimateSharedMs(tokens);
      case 'cut off':
        return Math.max(0, phase.aloneFromMs - now) + fromShareMs;
      case 'rejoining':
        return Math.max(0, this.#aloneAtMs + this.#windowMs - now) + fromShareMs;
      case 'alone':
        return phase.rateLimiter?.estimateMs(tokens) ?? this.#warmUpMs + fromShareMs;
    }
  }

  #estimateSharedMs(tokens: number): number {
    if (!this.#answer) return 0;
    const { free, waitMs, freesInMs, perWindow } = this.#answer;
    const sinceMs = this.#clock.now() - this.#answeredAtMs;
    const later = tokens - free;
    if (later <= 0) return Math.max(0, waitMs - sinceMs);
    const windows = Math.floor((later - 1) / perWindow);
    return Math.max(0, Math.max(waitMs, freesInMs) - sinceMs) + windows * this.#windowMs;
  }

  /** Sets the one timer to the next thing there is to do. */
  #rest(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#isClosed || (this.#isAsking && this.#phase.name === 'shared')) return;
    const dueInMs = Math.max(0, this.#dueAtMs() - this.#clock.now());
    if (dueInMs === Infinity) return;
    this.#cancelTimer = this.#clock.setTimer(dueInMs, () => {
      this.#cancelTimer = undefined;
      this.#act();
      this.#rest();
    });
  }

  #dueAtMs(): number {
    const probeAtMs = this.#isAsking ? Infinity : this.#probeAtMs;
    switch (this.#phase.name) {
      case 'shared':
        return Math.min(this.#askedAtMs + this.#heartbeatMs, this.#grantAtMs());
      case 'cut off':
        return Math.min(probeAtMs, this.#phase.aloneFromMs);
      case 'alone':
        return Math.min(probeAtMs, this.#grantAtMs());
      case 'rejoining':
        return this.#rejoinAtMs();
    }
  }

  /** A window after the last call that Redis does not know of; none of them may be still to begin. */
  #rejoinAtMs(): number {
    const heldSinceMs = this.#held.find(({ isLone }) => isLone)?.takenAtMs ?? -Infinity;
    return Math.max(this.#aloneAtMs + this.#windowMs, heldSinceMs + SlidingWindowRateLimiter.lostAfterMs);
  }

  /** When the next of those who wait may be granted a token, as far as can be told. */
  #grantAtMs(): number {
    const cannot = this.#isCrowded() || (this.#phase.name === 'alone' && !this.#phase.rateLimiter);
    if (this.#waiting.length === 0 || cannot) return Infinity;
    return this.#clock.now() + this.estimateMs(1);
  }

  #act(): void {
    const phase = this.#phase;
    const now = this.#clock.now();
    const isRejoined = phase.name === 'rejoining' && this.#rejoinAtMs() <= now;
    if (isRejoined) this.#phase = { name: 'shared' };
    if (phase.name === 'cut off' && phase.aloneFromMs <= now) this.#phase = this.#alone();
    if (this.#phase.name === 'alone' && this.#phase.rateLimiter) this.#grantAlone(this.#phase.rateLimiter);
    if (this.#isAsking || this.#phase.name === 'rejoining') return;
    if (this.#phase.name === 'shared') void this.#ask();
    else if (this.#probeAtMs <= now) void this.#probe();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#askedAtMs = this.#clock.now();
    const mayBegin = this.#pausedUntilMs <= this.#askedAtMs && !this.#isCrowded();
    const isWanted = this.#waiting.length > 0 && mayBegin;
    try {
      const answer = await this.#window.ask(isWanted, this.#share);
      if (answer) this.#learn(answer);
      else this.#answer = undefined;
    } catch {
      this.#phase = this.#cutOff();
    }
    this.#isAsking = false;
    this.#rest();
  }

  #learn(answer: WindowState): void {
    this.#answer = answer;
    this.#answeredAtMs = this.#clock.now();
    this.#share = answer.share;
    this.#replicas = answer.replicas;
    const pausedMs = this.#pausedUntilMs - this.#answeredAtMs;
    // Redis did not hear of a pause, or has forgotten it.
    if (pausedMs > answer.waitMs + this.#heartbeatMs) this.#window.pause(pausedMs);
    if (answer.grant !== undefined) this.#grantShared(answer.grant, pausedMs > 0);
  }

  /** Whoever asked for it may have gone since, or a pause may have begun. */
  #grantShared(grant: string, isPaused: boolean): void {
    const started = () => {
      this.#window.started(grant);
      // Telling Redis of each answer as well would cost more than the jitter that it saves.
      return undefined;
    };
    const release = () => {
      this.#window.release(grant);
      this.#answer = undefined;
    };
    if (isPaused || this.#isClosed || this.#waiting.length === 0) return void release();
    this.#grant({ started, release, isLone: false });
    // Whoever waited hears of it before this macrotask ends, and may begin its call without telling.
    this.#clock.setTimer(0, () => this.#window.heard(grant));
  }

  /** Whether as many calls wait for their connections as may begin in a second: more of them would begin in one moment. */
  #isCrowded(): boolean {
    const lostMs = this.#clock.now() - SlidingWindowRateLimiter.lostAfterMs;
    while ((this.#held[0]?.takenAtMs ?? Infinity) <= lostMs) this.#held.shift();
    return this.#held.length >= this.ratePerSecond;
  }

  #grant(token: Omit<Token, 'takenAtMs'>): void {
    this.#held.push({ ...token, takenAtMs: this.#clock.now() });
    this.#waiting.shift()?.();
  }

  #cutOff(): Phase {
    this.#probeAtMs = -Infinity;
    this.#probeGapMs = Math.min(this.#timeoutMs, this.#probeMs);
    return { name: 'cut off', aloneFromMs: this.#askedAtMs + this.#apartMs };
  }

  #alone(): Phase {
    if (this.#share === 0) return { name: 'alone', rateLimiter: undefined };
    const rateLimiter = new SlidingWindowRateLimiter({
      ratePerSecond: this.#share,
      clock: this.#clock,
      rateMarginMs: this.#jitterMs,
    });
    return { name: 'alone', rateLimiter };
  }

  #grantAlone(rateLimiter: SlidingWindowRateLimiter): void {
    const started = () => {
      this.#aloneAtMs = this.#clock.now();
      return rateLimiter.started();
    };
    while (this.#waiting.length > 0 && this.estimateMs(1) <= 0) {
      // A token that is free is taken before anybody else can ask for one, so nobody has to wait for the promise.
      void rateLimiter.acquire();
      this.#aloneAtMs = this.#clock.now();
      this.#grant({ started, release: () => rateLimiter.release(), isLone: true });
    }
  }

  async #probe(): Promise<void> {
    this.#isAsking = true;
    // Most often only this process was held up, and Redis answers the next time: so at first it is asked soon.
    this.#probeAtMs = this.#clock.now() + this.#probeGapMs;
    this.#probeGapMs = Math.min(2 * this.#probeGapMs, this.#probeMs);
    try {
      this.#rejoin(await this.#window.peek(this.#share));
    } catch {
      // Tried again at the next probe.
    }
    this.#isAsking = false;
    this.#rest();
  }

  #rejoin(share: number): void {
    this.#answer = undefined;
    // Less than it had if others were given it meanwhile.
    this.#share = share;
    this.#phase = { name: 'rejoining' };
  }

  #probeSoon(): void {
    if (this.#phase.name !== 'shared') this.#probeAtMs = -Infinity;
    this.#rest();
  }
}

function checked(options: DistributedRateLimiterOptions) {
  const { ratePerSecond, rateMarginMs = 15, commandTimeoutMs = 50, heartbeatMs = 200 } = options;
  const { probeMs = 500, noticeMs = 1500, forgetAfterMs = 10_000, assumedReplicas = ratePerSecond } = options;
  if (options.key === '') throw new RangeError('Expected `key` not to be empty');
  atLeast('ratePerSecond', ratePerSecond, 1, 'an integer');
  atLeast('assumedReplicas', assumedReplicas, 1, 'an integer');
  atLeast('arrivalJitterMs', rateMarginMs, 0);
  atLeast('commandTimeoutMs', commandTimeoutMs, 1);
  atLeast('heartbeatMs', heartbeatMs, 1);
  atLeast('probeMs', probeMs, 1);
  atLeast('noticeMs', noticeMs, probeMs);
  return {
    rateMarginMs,
    commandTimeoutMs,
    heartbeatMs,
    probeMs,
    noticeMs,
    forgetAfterMs,
    assumedReplicas,
  };
}

function atLeast(
  name: string,
  value: number,
  least: number,
  kind: 'a number' | 'an integer' = 'a number',
): void {
  const isKind = kind === 'an integer' ? Number.isInteger(value) : Number.isFinite(value);
  if (isKind && value >= least) return;
  throw new RangeError(`Expected \`${name}\` to be ${kind} from ${least} up, got ${value}`);
}
