import { Few } from './few.js';

/** How a lookup ended. A lookup that failed after it was sent can have a partial value, such as what it cost. */
export type Outcome<Value> =
  | { readonly value: Value }
  | { readonly error: unknown; readonly partial?: Value };

/** Gets the outcome of one lookup once, also when its caller has gone meanwhile. */
export type OutcomeListener<Value> = (outcome: Outcome<Value>) => void;

/** Whoever waits for look-ups. All look-ups of one operation name the same caller; fairness is between callers. */
export interface Caller {
  /** Aborted when the caller has gone or its time is up; the reason is what its look-ups fail with. */
  readonly signal: AbortSignal;
  /** Moment after which the caller does not wait any more, in epoch milliseconds. */
  readonly deadlineAtMs: number;
}

export interface PendingLookupListener<Value> {
  /** Called when one of those who wait has gone before the entry was sent. */
  onLeft(waiter: Waiter<Value>): void;
  /** Called when nobody waits any more before the entry was sent. */
  onAbandoned(entry: PendingLookup<Value>): void;
}

/** One of those who wait for an entry. While the entry is not sent it stands in a row with its caller's others. */
export class Waiter<Value> {
  readonly promise: Promise<Value>;
  previous: Waiter<Value> | undefined;
  next: Waiter<Value> | undefined;
  readonly #all: Few<Waiter<Value>>;
  #resolve!: (value: Value) => void;
  #reject!: (error: unknown) => void;

  /**
   * @param all everything that the caller waits for, of which this is a part until it has an outcome
   */
  constructor(
    public entry: PendingLookup<Value>,
    readonly caller: object,
    all: Few<Waiter<Value>>,
    readonly onOutcome: OutcomeListener<Value> | undefined,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#all = all;
    all.add(this);
  }

  settle(outcome: Outcome<Value>): void {
    this.#all.delete(this);
    this.onOutcome?.(outcome);
    if ('error' in outcome) this.#reject(outcome.error);
    else this.#resolve(outcome.value);
  }

  /** Rejects this waiter alone, unless it was settled already. */
  withdraw(reason: unknown): void {
    if (!this.#all.delete(this)) return;
    this.#reject(reason);
    this.entry.leave(this, reason);
  }
}

/** One id that is waiting or in flight, and everyone who waits for it. */
export class PendingLookup<Value> {
  state: 'waiting' | 'sent' | 'settled' = 'waiting';
  /** When it began to wait, and until when somebody waits for it; both are for who made it to know, in epoch milliseconds. */
  enqueuedAtMs = -Infinity;
  latestDeadlineMs = -Infinity;
  readonly #waiters = new Few<Waiter<Value>>();
  readonly #listener: PendingLookupListener<Value>;
  /** Listeners of those who left after it was sent. */
  readonly #detached: OutcomeListener<Value>[] = [];

  /**
   * @param id the spelling that is sent
   * @param key what makes two spellings the same id
   */
  constructor(
    readonly id: string,
    readonly key: string,
    listener: PendingLookupListener<Value>,
  ) {
    this.#listener = listener;
  }

  /** Whether anybody still waits for it. */
  get isWanted(): boolean {
    return this.#waiters.size > 0;
  }

  /** Those who wait; a caller may be among them more than once. */
  get waiters(): Iterable<Waiter<Value>> {
    return this.#waiters;
  }

  /**
   * Joins those who wait.
   * @param all everything that the caller waits for
   */
  wait(caller: object, all = new Few<Waiter<Value>>(), onOutcome?: OutcomeListener<Value>): Waiter<Value> {
    const waiter = new Waiter<Value>(this, caller, all, onOutcome);
    this.#waiters.add(waiter);
    return waiter;
  }

  /** Takes over everyone who waits for another entry, which is then abandoned; answers who they are. */
  absorb(other: PendingLookup<Value>): readonly Waiter<Value>[] {
    this.latestDeadlineMs = Math.max(this.latestDeadlineMs, other.latestDeadlineMs);
    const adopted = [...other.#waiters];
    other.#abandon();
    other.#waiters.clear();
    for (const waiter of adopted) {
      waiter.entry = this;
      this.#waiters.add(waiter);
    }
    return adopted;
  }

  /** Settles everyone who waits, and answers how many did; a second outcome changes nothing. */
  settle(outcome: Outcome<Value>): number {
    if (this.state === 'settled') return 0;
    this.state = 'settled';
    const { size } = this.#waiters;
    for (const waiter of this.#waiters) waiter.settle(outcome);
    this.#waiters.clear();
    for (const listener of this.#detached.splice(0)) listener(outcome);
    return size;
  }

  /** Lets one go who waits no more. */
  leave(waiter: Waiter<Value>, reason: unknown): void {
    this.#waiters.delete(waiter);
    if (this.state === 'sent') {
      if (waiter.onOutcome) this.#detached.push(waiter.onOutcome);
      return;
    }
    waiter.onOutcome?.({ error: reason });
    this.#listener.onLeft(waiter);
    if (!this.isWanted) this.#abandon();
  }

  #abandon(): void {
    if (this.state !== 'waiting') return;
    this.state = 'settled';
    this.#listener.onAbandoned(this);
  }
}
