import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Budget } from './budget.js';
import { CallTime } from './call-time.js';
import type { Caller } from './caller.js';
import { Dispatcher } from './dispatcher.js';
import { Entry, type Outcome, type Waiter } from './entry.js';
import { type Drawn, Lane } from './lane.js';

const queueIsFull = 'Too many ids wait for a call already; try again after retryAfterMs.';
const queueIsLong = 'The queue is longer than this operation waits; try again after retryAfterMs.';
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
export interface LookUp<Key extends LaneKey> {
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
  turn(): Promise<void>;
}

export interface CoalescerOptions<Key extends LaneKey, Value> {
  readonly budget: Budget;
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
  readonly #dispatcher: Dispatcher;
  readonly #callTime = new CallTime();
  /** Lanes in which ids wait, by name. */
  readonly #lanes = new Map<string, Lane<Value>>();
  /** Entries that wait or are in flight, by lane name and id. */
  readonly #entries = new Map<string, Map<string, Entry<Value>>>();
  readonly #waitersOf = new WeakMap<AbortSignal, Set<Waiter<Value>>>();
  #waiting = 0;
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
    this.#dispatcher = new Dispatcher(options.budget, options.clock);
  }

  /** Milliseconds until so many more calls could have been made, after everything that waits. */
  estimateMs(calls: number): number {
    return this.#options.budget.estimateMs(Math.ceil(this.#waiting / this.#maxBatchSize) + calls);
  }

  /** Ids that wait for a call. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Look-ups without an outcome; several may be for the same id. */
  get pending(): number {
    return this.#pending;
  }

  /** Ids that were sent and have no outcome yet. */
  get inFlight(): number {
    let held = 0;
    for (const entries of this.#entries.values()) held += entries.size;
    return held - this.#waiting;
  }

  /** Lanes with ids that wait or are in flight. */
  get lanes(): number {
    return new Set([...this.#lanes.keys(), ...this.#entries.keys()]).size;
  }

  /**
   * Looks one id up. Rejects with what `send` failed with, with the reason of the caller's signal, or with
   * BUDGET_EXHAUSTED when the queue is too long for the caller's deadline, turns out to be, or is full.
   */
  async load(lookUp: LookUp<Key>, caller: Caller): Promise<Value> {
    caller.signal.throwIfAborted();
    const entry = this.#shared(lookUp, caller) ?? this.#queued(lookUp, caller);
    return this.#wait(entry, caller);
  }

  /** An entry for the same id whose answer will serve. */
  #shared({ lane, key }: LookUp<Key>, caller: Caller): Entry<Value> | undefined {
    for (const name of [lane.name, ...lane.servedBy]) {
      const entry = this.#entries.get(name)?.get(key);
      if (!entry) continue;
      if (entry.state === 'waiting') this.#lanes.get(name)?.share(entry, caller);
      return entry;
    }
    return undefined;
  }

  #queued({ lane, id, key }: LookUp<Key>, caller: Caller): Entry<Value> {
    this.#refuseHopeless(lane.name, caller);
    const queue = this.#laneOf(lane);
    const entry = new Entry<Value>(id, key, {
      onLeft: (left) => queue.leave(entry, left),
      onAbandoned: () => {
        this.#waiting -= 1;
        queue.remove(entry);
        this.#dropEmpty(lane.name);
        this.#remove(lane.name, entry);
      },
    });
    entry.sinceMs = this.#options.clock.now();
    this.#waiting += 1;
    queue.add(entry, caller);
    this.#adoptThinner(lane, entry, queue);
    this.#entriesOf(lane.name).set(key, entry);
    this.#dispatcher.enqueue(queue);
    return entry;
  }

  /** Whoever waits for less of the same id is served by this entry too, in a turn of its own, so that one call answers both. */
  #adoptThinner({ serves }: Key, entry: Entry<Value>, queue: Lane<Value>): void {
    for (const name of serves) {
      const thinner = this.#entries.get(name)?.get(entry.key);
      if (thinner?.state !== 'waiting') continue;
      for (const caller of thinner.callers) queue.share(entry, caller);
      entry.adopt(thinner);
    }
  }

  async #wait(entry: Entry<Value>, caller: Caller): Promise<Value> {
    const waiter = entry.wait(caller);
    entry.untilMs = Math.max(entry.untilMs, caller.deadlineAtMs);
    const waiters = this.#waitersFor(caller);
    waiters.add(waiter);
    this.#pending += 1;
    try {
      return await waiter.promise;
    } finally {
      this.#pending -= 1;
      waiters.delete(waiter);
    }
  }

  /** One listener a caller, however many ids it waits for. */
  #waitersFor({ signal }: Caller): Set<Waiter<Value>> {
    const known = this.#waitersOf.get(signal);
    if (known) return known;
    const waiters = new Set<Waiter<Value>>();
    this.#waitersOf.set(signal, waiters);
    const withdrawAll = () => {
      for (const waiter of waiters) waiter.withdraw(signal.reason);
    };
    signal.addEventListener('abort', withdrawAll, { once: true });
    return waiters;
  }

  #laneOf(key: Key): Lane<Value> {
    const known = this.#lanes.get(key.name);
    if (known) return known;
    const lane = new Lane<Value>({
      maxBatchSize: this.#maxBatchSize,
      send: (drawn) => void this.#send(key, drawn),
      isTooLate: (entry) => this.#isTooLate(entry),
    });
    this.#lanes.set(key.name, lane);
    return lane;
  }

  /** The queue may have become slower than it was when an id was let in: others took turns, or Vonage wanted a pause. */
  #isTooLate({ sinceMs, untilMs }: Entry<Value>): boolean {
    return untilMs - this.#options.clock.now() < this.#callTime.within(untilMs - sinceMs);
  }

  async #send(lane: Key, { batch: entries, callers, late }: Drawn<Value>): Promise<void> {
    this.#waiting -= entries.length + late.length;
    this.#dropEmpty(lane.name);
    for (const entry of late) {
      this.#remove(lane.name, entry);
      entry.settle({ error: this.#refusal(queueBecameSlow, this.#drainMs) });
    }
    if (entries.length === 0) {
      this.#options.budget.giveBack();
      return;
    }
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    const noteTime = this.#stopwatch();
    const settle = (key: string, outcome: Outcome<Value>) => {
      const entry = byKey.get(key);
      if (!entry) return;
      if ('value' in outcome) noteTime();
      this.#remove(lane.name, entry);
      entry.settle(outcome);
    };
    const unanswered = await this.#attempt({
      lane,
      entries,
      callers,
      settle,
      turn: () => this.#dispatcher.turn(),
    });
    for (const key of byKey.keys()) settle(key, { error: unanswered });
  }

  /** Notes once how long the first answer of a call took. What follows may be further calls, each with a wait of its own. */
  #stopwatch(): () => void {
    const { clock } = this.#options;
    const startedAtMs = clock.now();
    let isNoted = false;
    return () => {
      if (!isNoted) this.#callTime.note(clock.now() - startedAtMs);
      isNoted = true;
    };
  }

  /** Makes the call, and tells why an id is without an outcome afterwards. */
  async #attempt(batch: Batch<Key, Value>): Promise<unknown> {
    try {
      await this.#options.send(batch);
      const message = 'A batch ended without an outcome for one of its ids.';
      return new GatewayError('INTERNAL_SERVER_ERROR', message);
    } catch (error) {
      return error;
    }
  }

  /** Lanes come and go with accounts and callers; an empty one is not kept. */
  #dropEmpty(name: string): void {
    const lane = this.#lanes.get(name);
    if (!lane || lane.hasWork()) return;
    this.#lanes.delete(name);
    this.#dispatcher.withdraw(lane);
  }

  #entriesOf(name: string): Map<string, Entry<Value>> {
    const known = this.#entries.get(name) ?? new Map<string, Entry<Value>>();
    this.#entries.set(name, known);
    return known;
  }

  /** Only the entry itself: a later one for the same id may stand in its place by now. */
  #remove(name: string, entry: Entry<Value>): void {
    const entries = this.#entries.get(name);
    if (entries?.get(entry.key) === entry) entries.delete(entry.key);
    if (entries?.size === 0) this.#entries.delete(name);
  }

  /**
   * Refuses at once what the queue cannot serve in time: waiting would only cost the caller its time and the queue a
   * place. Lanes take turns, so an id waits for as many calls of each of them as its own lane needs, and then for its own.
   */
  #refuseHopeless(laneName: string, caller: Caller): void {
    const leftMs = caller.deadlineAtMs - this.#options.clock.now();
    const lateMs = this.#waitOf(laneName, caller) + this.#callTime.within(leftMs) - leftMs;
    if (this.#waiting >= this.#maxWaiting) throw this.#refusal(queueIsFull, this.#drainMs);
    if (lateMs > 0) throw this.#refusal(queueIsLong, lateMs);
  }

  #refusal(message: string, waitMs: number): GatewayError {
    return new GatewayError('BUDGET_EXHAUSTED', message, { retryAfterMs: Math.max(1, Math.ceil(waitMs)) });
  }

  /** Milliseconds until everything that waits could have been sent. */
  get #drainMs(): number {
    return this.#options.budget.estimateMs(Math.ceil(this.#waiting / this.#maxBatchSize));
  }

  #waitOf(laneName: string, caller: Caller): number {
    const turns = this.#lanes.get(laneName)?.callsUntilTurnOf(caller) ?? 1;
    const lanes = this.#lanes.size + (this.#lanes.has(laneName) ? 0 : 1);
    const everything = Math.ceil((this.#waiting + 1) / this.#maxBatchSize) + lanes - 1;
    return this.#options.budget.estimateMs(Math.min(turns * lanes, everything));
  }
}
