import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { RateLimiter } from '../rate-limit/rate-limiter.js';
import { AdmissionControl } from './admission-control.js';
import { CallScheduler } from './call-scheduler.js';
import type { Batch, ClosedBatch, Lane, LaneKey, LaneLookup } from './lane.js';
import { LaneRegistry } from './lane-registry.js';
import {
  type Caller,
  type Outcome,
  type OutcomeListener,
  PendingLookup,
  type Waiter,
  WaitersByCaller,
} from './pending-lookup.js';

export interface CoalescerOptions<Key extends LaneKey, Value> {
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  /** Decides which call a token is for, where the API key also makes other calls. Default: a scheduler of its own. */
  readonly scheduler?: CallScheduler;
  /** Maximum number of ids in one call. An integer from 1 up. Default: 20. */
  readonly maxBatchSize?: number;
  /** Maximum number of ids that wait; further ones are refused to bound memory. An integer from 1 up. Default: 100,000. */
  readonly maxWaiting?: number;
  /** Makes the call of one batch. A rejection fails every id of the batch that has no outcome yet. */
  send(batch: Batch<Key, Value>): Promise<void>;
}

/** Gauges and counters of a coalescer. */
export interface CoalescerStats {
  /** Ids that wait for a call. */
  readonly waiting: number;
  /** Ids that were sent and have no outcome yet. */
  readonly inFlight: number;
  /** Lookups without an outcome; several may be for one id. */
  readonly pending: number;
  /** Lanes with ids that wait or are in flight. */
  readonly lanes: number;
  /** Milliseconds that a call is expected to take until its first result. */
  readonly expectedLatencyMs: number;
  /** Lookups since the start, including refused ones. */
  readonly lookups: number;
  /** Lookups that joined an id that waited or was in flight already. */
  readonly sharedLookups: number;
  /** Ids refused with OVERLOADED, at once or after they waited. */
  readonly refusedIds: number;
  /** Batches sent. */
  readonly batches: number;
  /** Ids sent in batches. */
  readonly sentIds: number;
}

/**
 * Combines the lookups of all callers of one API key into as few calls as possible. Equal ids share one place in one
 * call, whether they wait or are in flight.
 */
export class Coalescer<Key extends LaneKey, Value> {
  readonly #options: CoalescerOptions<Key, Value>;
  readonly #maxBatchSize: number;
  readonly #scheduler: CallScheduler;
  readonly #admission: AdmissionControl;
  readonly #waiters = new WaitersByCaller<Value>();
  readonly #lanes: LaneRegistry<Key, Value>;
  readonly #counters = { lookups: 0, sharedLookups: 0, batches: 0, sentIds: 0 };
  #waiting = 0;
  #inFlight = 0;

  /** Throws a RangeError for an option out of its range. */
  constructor(options: CoalescerOptions<Key, Value>) {
    const { rateLimiter, clock, maxBatchSize = 20, maxWaiting = 100_000 } = options;
    this.#options = options;
    this.#maxBatchSize = maxBatchSize;
    this.#scheduler = options.scheduler ?? new CallScheduler(rateLimiter, clock);
    this.#admission = new AdmissionControl({ rateLimiter, clock, maxBatchSize, maxWaiting });
    this.#lanes = new LaneRegistry<Key, Value>({
      maxBatchSize,
      send: (lane, batch) => void this.#send(lane, batch),
      onAbandoned: (lane, entry) => this.#abandon(lane, entry),
      isTooLate: (entry) => this.#admission.isTooLate(entry),
    });
  }

  /** Milliseconds until so many further calls could start, after everything that waits. */
  estimateMs(calls: number): number {
    return this.#options.rateLimiter.estimateMs(Math.ceil(this.#waiting / this.#maxBatchSize) + calls);
  }

  /** Ids that wait for a call. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether the ids that wait fill a call, and no call may start now. */
  get isBacklogged(): boolean {
    return this.#waiting >= this.#maxBatchSize && this.#options.rateLimiter.estimateMs(1) > 0;
  }

  /** Lookups without an outcome; several may be for one id. */
  get pending(): number {
    return this.#waiters.size;
  }

  /** Ids that were sent and have no outcome yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Lanes with ids that wait or are in flight. */
  get lanes(): number {
    return this.#lanes.size;
  }

  stats(): CoalescerStats {
    const { waiting, inFlight, pending, lanes } = this;
    const { latency, refused: refusedIds } = this.#admission;
    const gauges = { waiting, inFlight, pending, lanes, expectedLatencyMs: latency.expectedMs };
    return { ...gauges, ...this.#counters, refusedIds };
  }

  /**
   * Looks one id up. Rejects with the error of its call, with the reason of the caller's signal, or with OVERLOADED when
   * the queue is full or too long for the caller's deadline.
   *
   * @param onOutcome receives the outcome once: before the promise settles, and also when the caller is gone by then
   * @param onJoined called before that if an equal lookup waited or was sent already, so that this one costs no call
   */
  load(
    lookup: LaneLookup<Key>,
    caller: Caller,
    onOutcome?: OutcomeListener<Value>,
    onJoined?: (state: 'waiting' | 'sent') => void,
  ): Promise<Value> {
    this.#counters.lookups += 1;
    try {
      caller.signal.throwIfAborted();
      return (this.#join(lookup, caller, onOutcome, onJoined) ?? this.#enqueue(lookup, caller, onOutcome))
        .promise;
    } catch (error) {
      onOutcome?.({ error });
      return Promise.reject(error);
    }
  }

  /**
   * Tells that the process stops at a moment (epoch milliseconds). Refuses at once with SHUTTING_DOWN what cannot be served
   * before, the youngest ids first, and later what is looked up too late.
   */
  closeAt(closesAtMs: number): void {
    this.#admission.closeAt(closesAtMs);
    const waiting = this.#lanes.waitingOldestFirst();
    const maxCalls = this.#admission.callsUntilClosed(waiting.length);
    const places = new Map<Lane<Key, Value>, number>();
    let calls = 0;
    for (const { lane, entry } of waiting) {
      const free = places.get(lane) ?? 0;
      if (free === 0 && calls >= maxCalls) {
        this.#waiters.withdraw(entry, this.#admission.refuseClosing());
        continue;
      }
      if (free === 0) calls += 1;
      places.set(lane, (free || this.#maxBatchSize) - 1);
    }
  }

  /** Waits for an entry whose result will serve the lookup. */
  #join(
    { lane, key }: LaneLookup<Key>,
    caller: Caller,
    onOutcome?: OutcomeListener<Value>,
    onJoined?: (state: 'waiting' | 'sent') => void,
  ): Waiter<Value> | undefined {
    const entry = this.#lanes.findServing(lane, key);
    if (!entry) return undefined;
    this.#counters.sharedLookups += 1;
    if (entry.state !== 'settled') onJoined?.(entry.state);
    return this.#waiters.add(entry, caller, onOutcome);
  }

  #enqueue(
    { lane: laneKey, id, key }: LaneLookup<Key>,
    caller: Caller,
    onOutcome?: OutcomeListener<Value>,
  ): Waiter<Value> {
    this.#admit(laneKey.name, caller);
    const served = this.#lanes.findServed(laneKey, key);
    const lane = this.#lanes.open(laneKey);
    const entry = new PendingLookup<Value>(id, key, lane);
    entry.enqueuedAtMs = this.#options.clock.now();
    this.#waiting += 1;
    lane.add(entry);
    const waiter = this.#waiters.add(entry, caller, onOutcome);
    for (const other of served) entry.absorb(other);
    this.#scheduler.enqueue(lane);
    return waiter;
  }

  #admit(laneName: string, caller: Caller): void {
    const lane = this.#lanes.find(laneName);
    const lanes = this.#scheduler.waiting + (lane?.hasWork() ? 0 : 1);
    const callsInLane = lane?.callsUntilSent(caller) ?? 1;
    const bulkCalls = this.#scheduler.bulkWaiting;
    this.#admission.admit({ waiting: this.#waiting, lanes, callsInLane, bulkCalls }, caller.deadlineAtMs);
  }

  async #send(lane: Lane<Key, Value>, { entries, callers, late }: ClosedBatch<Value>): Promise<void> {
    this.#waiting -= entries.length + late.length;
    for (const entry of late)
      this.#settle(lane, entry, { error: this.#admission.refuseLate(entry, this.#waiting) });
    if (entries.length === 0) {
      this.#options.rateLimiter.release();
      return;
    }
    this.#inFlight += entries.length;
    this.#counters.batches += 1;
    this.#counters.sentIds += entries.length;
    const settle = this.#settleIn(lane, entries);
    const acquireNext = () => this.#scheduler.acquireNext();
    const failure = await this.#call({ lane: lane.key, entries, callers, settle, acquireNext });
    for (const { key, state } of entries)
      if (state === 'sent') settle(key, { error: failure ?? missingOutcome() });
  }

  /** Returns the function that settles the ids of one batch. */
  #settleIn(lane: Lane<Key, Value>, entries: readonly PendingLookup<Value>[]): Batch<Key, Value>['settle'] {
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    const recordLatency = this.#admission.latency.startCall();
    return (key, outcome) => {
      const entry = byKey.get(key);
      if (entry?.state !== 'sent') return;
      if (!('error' in outcome)) recordLatency();
      this.#inFlight -= 1;
      this.#settle(lane, entry, outcome);
    };
  }

  /** Makes the call of a batch and returns the error that it rejected with. */
  async #call(batch: Batch<Key, Value>): Promise<unknown> {
    try {
      await this.#options.send(batch);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #settle(lane: Lane<Key, Value>, entry: PendingLookup<Value>, outcome: Outcome<Value>): void {
    this.#waiters.settle(entry, outcome);
    this.#lanes.remove(lane, entry);
  }

  #abandon(lane: Lane<Key, Value>, entry: PendingLookup<Value>): void {
    this.#waiting -= 1;
    if (!lane.hasWork()) this.#scheduler.withdraw(lane);
    this.#lanes.remove(lane, entry);
  }
}

function missingOutcome(): GatewayError {
  return new GatewayError('INTERNAL_SERVER_ERROR', 'A batch ended without an outcome for one of its ids.');
}
