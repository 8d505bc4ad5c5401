import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { RateLimiter } from '../rate-limit/rate-limiter.js';
import { CallScheduler } from './call-scheduler.js';
import { Few } from './few.js';
import { type ClosedBatch, Lane, type LaneOptions } from './lane.js';
import { LatencyEstimate } from './latency-estimate.js';
import type { Caller, Outcome, OutcomeListener } from './pending-lookup.js';
import { PendingLookup, type Waiter } from './pending-lookup.js';

const queueIsFull = 'Too many ids wait for a call already; try again after retryAfterMs.';
const queueIsLong = 'The queue is longer than this operation waits; try again after retryAfterMs.';
const nothingCame = 'A batch ended without an outcome for one of its ids.';
const queueBecameSlow = 'The queue took longer than this operation waits; try again after retryAfterMs.';

/** Names a lane: look-ups of equal names may leave in one call. */
export interface LaneKey {
  readonly name: string;
  /** Lanes whose answer serves a look-up of this one as well, because their rows hold everything that its rows do. */
  readonly servedBy: readonly string[];
  /** Lanes whose look-ups this one's answer serves as well. */
  readonly serves: readonly string[];
}

/** One id, wanted in one lane. */
export interface LaneLookup<Key extends LaneKey> {
  readonly lane: Key;
  /** The spelling to send. */
  readonly id: string;
  /** What makes two spellings the same id. */
  readonly key: string;
}

/** One id of a batch. */
export interface BatchEntry {
  readonly id: string;
  readonly key: string;
  /** False once everyone who waited for it has gone. */
  readonly isWanted: boolean;
  /** When the last of those who wait stops waiting, in epoch milliseconds. */
  readonly latestDeadlineMs: number;
}

/** A batch as it is handed over to be sent. */
export interface Batch<Key extends LaneKey, Value> {
  readonly lane: Key;
  readonly entries: readonly BatchEntry[];
  /** Callers who waited for it when it was closed. */
  readonly callers: number;
  /** Settles one id as soon as its outcome is known. */
  settle(key: string, outcome: Outcome<Value>): void;
  /** Resolves with the permission for one more call on behalf of this batch. */
  acquireNext(): Promise<void>;
}

export interface CoalescerOptions<Key extends LaneKey, Value> {
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  /** Ids in one call at most. Default: 20. */
  readonly maxBatchSize?: number;
  /** Ids that may wait at once; more are refused, so that memory stays bounded. Default: 100,000. */
  readonly maxWaiting?: number;
  /** Makes the call of one batch. A rejection fails every id of it that has no outcome yet. */
  send(batch: Batch<Key, Value>): Promise<void>;
}

/**
 * Gathers single look-ups of all callers of one API key into the fewest calls. Equal ids share one place in one call,
 * whether they wait or are in flight already.
 */
export class Coalescer<Key extends LaneKey, Value> {
  readonly #options: CoalescerOptions<Key, Value>;
  readonly #maxBatchSize: number;
  readonly #maxWaiting: number;
  readonly #scheduler: CallScheduler;
  readonly #latency = new LatencyEstimate();
  /** Lanes with ids that wait or are in flight, by name. */
  readonly #lanes = new Map<string, Lane<Key, Value>>();
  /** One for all lanes, since there may be as many of them as ids. */
  readonly #laneOptions: LaneOptions<Key, Value>;
  readonly #waitersOf = new WeakMap<AbortSignal, Few<Waiter<Value>>>();
  #waiting = 0;
  #inFlight = 0;
  #pending = 0;

  constructor(options: CoalescerOptions<Key, Value>) {
    const { maxBatchSize = 20, maxWaiting = 100_000 } = options;
    if (!Number.isInteger(maxBatchSize) || maxBatchSize < 1) {
      throw new RangeError(`Expected \`maxBatchSize\` to be an integer from 1 up, got ${maxBatchSize}`);
    }
    if (!(maxWaiting >= 1)) {
      throw new RangeError(`Expected \`maxWaiting\` to be a number from 1 up, got ${maxWaiting}`);
    }
    this.#options = options;
    this.#maxBatchSize = maxBatchSize;
    this.#maxWaiting = maxWaiting;
    this.#scheduler = new CallScheduler(options.rateLimiter, options.clock);
    this.#laneOptions = {
      maxBatchSize,
      send: (lane, closed) => void this.#send(lane, closed),
      onAbandoned: (lane, entry) => this.#abandon(lane, entry),
      isTooLate: (entry) => this.#isTooLate(entry),
    };
  }

  /** Milliseconds until so many more calls could have been made, after everything that waits. */
  estimateMs(calls: number): number {
    return this.#options.rateLimiter.estimateMs(Math.ceil(this.#waiting / this.#maxBatchSize) + calls);
  }

  /** Ids that wait for a call. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether enough ids for a call wait, and no call may begin. */
  get isBacklogged(): boolean {
    return this.#waiting >= this.#maxBatchSize && this.#options.rateLimiter.estimateMs(1) > 0;
  }

  /** Look-ups without an outcome; several may be for the same id. */
  get pending(): number {
    return this.#pending;
  }

  /** Ids that were sent and have no outcome yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Lanes with ids that wait or are in flight. */
  get lanes(): number {
    return this.#lanes.size;
  }

  /**
   * Looks one id up. Rejects with what `send` failed with, with the reason of the caller's signal, or with
   * OVERLOADED when the queue is too long for the caller's deadline, turns out to be, or is full.
   */
  load(lookup: LaneLookup<Key>, caller: Caller, onOutcome?: OutcomeListener<Value>): Promise<Value> {
    try {
      caller.signal.throwIfAborted();
      return (this.#shared(lookup, caller, onOutcome) ?? this.#queued(lookup, caller, onOutcome)).promise;
    } catch (error) {
      onOutcome?.({ error });
      return Promise.reject(error);
    }
  }

  /** Waits for an entry of the same id whose answer will serve. */
  #shared(
    { lane, key }: LaneLookup<Key>,
    caller: Caller,
    onOutcome: OutcomeListener<Value> | undefined,
  ): Waiter<Value> | undefined {
    const own = this.#sharedIn(lane.name, key, caller, onOutcome);
    if (own) return own;
    for (const name of lane.servedBy) {
      const fuller = this.#sharedIn(name, key, caller, onOutcome);
      if (fuller) return fuller;
    }
    return undefined;
  }

  #sharedIn(
    name: string,
    key: string,
    caller: Caller,
    onOutcome: OutcomeListener<Value> | undefined,
  ): Waiter<Value> | undefined {
    const lane = this.#lanes.get(name);
    const entry = lane?.entries.get(key);
    const waiter = entry && this.#waiterFor(entry, caller, onOutcome);
    if (waiter && entry.state === 'waiting') lane?.share(waiter);
    return waiter;
  }

  #queued(
    { lane: laneKey, id, key }: LaneLookup<Key>,
    caller: Caller,
    onOutcome: OutcomeListener<Value> | undefined,
  ): Waiter<Value> {
    this.#refuseHopeless(laneKey.name, caller);
    const lane = this.#laneOf(laneKey);
    const entry = new PendingLookup<Value>(id, key, lane);
    entry.enqueuedAtMs = this.#options.clock.now();
    const waiter = this.#waiterFor(entry, caller, onOutcome);
    this.#waiting += 1;
    lane.add(waiter);
    this.#adoptThinner(lane, entry);
    lane.entries.set(key, entry);
    this.#scheduler.enqueue(lane);
    return waiter;
  }

  /** Whoever waits for less of the same id is served by this entry too, in a turn of its own, so that one call answers both. */
  #adoptThinner(lane: Lane<Key, Value>, entry: PendingLookup<Value>): void {
    for (const name of lane.key.serves) {
      const thinner = this.#lanes.get(name)?.entries.get(entry.key);
      if (thinner?.state !== 'waiting') continue;
      for (const waiter of entry.absorb(thinner)) lane.share(waiter);
    }
  }

  #waiterFor(
    entry: PendingLookup<Value>,
    caller: Caller,
    onOutcome: OutcomeListener<Value> | undefined,
  ): Waiter<Value> {
    this.#pending += 1;
    entry.latestDeadlineMs = Math.max(entry.latestDeadlineMs, caller.deadlineAtMs);
    return entry.wait(caller, this.#waitersFor(caller), onOutcome);
  }

  /** One listener a caller, however many ids it waits for. */
  #waitersFor({ signal }: Caller): Few<Waiter<Value>> {
    const known = this.#waitersOf.get(signal);
    if (known) return known;
    const waiters = new Few<Waiter<Value>>();
    this.#waitersOf.set(signal, waiters);
    const withdrawAll = () => {
      this.#pending -= waiters.size;
      for (const waiter of waiters) waiter.withdraw(signal.reason);
    };
    signal.addEventListener('abort', withdrawAll, { once: true });
    return waiters;
  }

  #laneOf(key: Key): Lane<Key, Value> {
    const known = this.#lanes.get(key.name);
    if (known) return known;
    const lane = new Lane<Key, Value>(key, this.#laneOptions);
    this.#lanes.set(key.name, lane);
    return lane;
  }

  /** The queue may have become slower than it was when an id was let in: others took turns, or Vonage wanted a pause. */
  #isTooLate({ enqueuedAtMs, latestDeadlineMs }: PendingLookup<Value>): boolean {
    return (
      latestDeadlineMs - this.#options.clock.now() <
      this.#latency.reservedWithin(latestDeadlineMs - enqueuedAtMs)
    );
  }

  async #send(lane: Lane<Key, Value>, { batch: entries, callers, late }: ClosedBatch<Value>): Promise<void> {
    this.#waiting -= entries.length + late.length;
    for (const entry of late)
      this.#settle(lane, entry, { error: this.#refusal(queueBecameSlow, this.#drainMs) });
    if (entries.length === 0) {
      this.#options.rateLimiter.release();
      return;
    }
    this.#inFlight += entries.length;
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    const noteTime = this.#stopwatch();
    const settle = (key: string, outcome: Outcome<Value>) => {
      const entry = byKey.get(key);
      if (entry?.state !== 'sent') return;
      if (!('error' in outcome)) noteTime();
      this.#inFlight -= 1;
      this.#settle(lane, entry, outcome);
    };
    const acquireNext = () => this.#scheduler.acquireNext();
    const failure = await this.#attempt({ lane: lane.key, entries, callers, settle, acquireNext });
    const unanswered = entries.filter(({ state }) => state === 'sent');
    if (unanswered.length === 0) return;
    const error = failure ?? new GatewayError('INTERNAL_SERVER_ERROR', nothingCame);
    for (const { key } of unanswered) settle(key, { error });
  }

  #settle(lane: Lane<Key, Value>, entry: PendingLookup<Value>, outcome: Outcome<Value>): void {
    this.#pending -= entry.settle(outcome);
    this.#forget(lane, entry);
  }

  /** Notes once how long the first answer of a call took. What follows may be further calls, each with a wait of its own. */
  #stopwatch(): () => void {
    const { clock } = this.#options;
    const startedAtMs = clock.now();
    let isNoted = false;
    return () => {
      if (!isNoted) this.#latency.record(clock.now() - startedAtMs);
      isNoted = true;
    };
  }

  /** Makes the call, and tells why it failed. */
  async #attempt(batch: Batch<Key, Value>): Promise<unknown> {
    try {
      await this.#options.send(batch);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #abandon(lane: Lane<Key, Value>, entry: PendingLookup<Value>): void {
    this.#waiting -= 1;
    if (!lane.hasWork()) this.#scheduler.withdraw(lane);
    this.#forget(lane, entry);
  }

  /** Lanes come and go with accounts and callers; an empty one is not kept. */
  #forget(lane: Lane<Key, Value>, entry: PendingLookup<Value>): void {
    lane.entries.delete(entry.key);
    if (lane.entries.size === 0 && !lane.hasWork()) this.#lanes.delete(lane.key.name);
  }

  /**
   * Refuses at once what the queue cannot serve in time: waiting would only cost the caller its time and the queue a
   * place. Lanes take turns, so an id waits for as many calls of each of them as its own lane needs, and then for its own.
   */
  #refuseHopeless(laneName: string, caller: Caller): void {
    const leftMs = caller.deadlineAtMs - this.#options.clock.now();
    const lateMs = this.#waitOf(laneName, caller) + this.#latency.reservedWithin(leftMs) - leftMs;
    if (this.#waiting >= this.#maxWaiting) throw this.#refusal(queueIsFull, this.#drainMs);
    if (lateMs > 0) throw this.#refusal(queueIsLong, lateMs);
  }

  #refusal(message: string, waitMs: number): GatewayError {
    return new GatewayError('OVERLOADED', message, { retryAfterMs: Math.max(1, Math.ceil(waitMs)) });
  }

  /** Milliseconds until everything that waits could have been sent. */
  get #drainMs(): number {
    return this.#options.rateLimiter.estimateMs(Math.ceil(this.#waiting / this.#maxBatchSize));
  }

  #waitOf(laneName: string, caller: Caller): number {
    const lane = this.#lanes.get(laneName);
    const roundRobin = lane?.callsUntilTurnOf(caller) ?? 1;
    const lanes = this.#scheduler.waiting + (lane?.hasWork() ? 0 : 1);
    const everything = Math.ceil((this.#waiting + 1) / this.#maxBatchSize) + lanes - 1;
    return this.#options.rateLimiter.estimateMs(Math.min(roundRobin * lanes, everything));
  }
}
