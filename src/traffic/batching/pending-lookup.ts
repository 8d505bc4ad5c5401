/** How a lookup ended. A lookup that failed after it was sent can have a partial value, such as what it cost. */
export type Outcome<Value> =
  | { readonly value: Value }
  | { readonly error: unknown; readonly partial?: Value };

/** Receives the outcome of one lookup once, also when its caller is gone by then. */
export type OutcomeListener<Value> = (outcome: Outcome<Value>) => void;

/** The operation that lookups belong to. All lookups of one operation pass the same caller; fairness is between callers. */
export interface Caller {
  /** Aborted when the caller disconnects or its time is up. Its lookups reject with the reason of the signal. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which the caller no longer waits. */
  readonly deadlineAtMs: number;
}

/** The lane that a pending lookup waits in. */
export interface PendingLookupListener<Value> {
  /** Called when a waiter is added before the lookup is sent. */
  onWaiting(waiter: Waiter<Value>): void;
  /** Called when one waiter is withdrawn before the lookup is sent. */
  onWithdrawn(waiter: Waiter<Value>): void;
  /** Called when the last waiter is gone before the lookup is sent. */
  onAbandoned(entry: PendingLookup<Value>): void;
}

/** One promise of one caller for the outcome of a pending lookup. */
export class Waiter<Value> {
  readonly promise: Promise<Value>;
  /** Replaced when another pending lookup absorbs this one. */
  entry: PendingLookup<Value>;
  /** The object is the caller's identity. */
  readonly caller: object;
  readonly #siblings: Set<Waiter<Value>>;
  readonly #onOutcome: OutcomeListener<Value> | undefined;
  #resolve!: (value: Value) => void;
  #reject!: (error: unknown) => void;

  /**
   * @param siblings all unsettled waiters of the caller; this one is a member until it has an outcome
   * @param onOutcome receives the outcome of the lookup before the promise settles
   */
  constructor(
    entry: PendingLookup<Value>,
    caller: object,
    siblings: Set<Waiter<Value>>,
    onOutcome?: OutcomeListener<Value>,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.entry = entry;
    this.caller = caller;
    this.#siblings = siblings;
    this.#onOutcome = onOutcome;
    siblings.add(this);
  }

  /** Hands the outcome to its listener and settles the promise. A promise that was rejected before stays rejected. */
  settle(outcome: Outcome<Value>): void {
    this.#siblings.delete(this);
    this.#onOutcome?.(outcome);
    if ('error' in outcome) this.#reject(outcome.error);
    else this.#resolve(outcome.value);
  }

  /** Rejects this waiter alone and leaves the others of the lookup waiting. Does nothing once it is settled. */
  withdraw(reason: unknown): void {
    if (!this.#siblings.delete(this)) return;
    this.#reject(reason);
    this.entry.remove(this, reason);
  }
}

/** One id that waits or is in flight, with all waiters for it. */
export class PendingLookup<Value> {
  state: 'waiting' | 'sent' | 'settled' = 'waiting';
  /** When it started to wait, in epoch milliseconds. */
  enqueuedAtMs = -Infinity;
  /** The latest deadline of its waiters, in epoch milliseconds. */
  latestDeadlineMs = -Infinity;
  readonly #waiters = new Set<Waiter<Value>>();
  readonly #listener: PendingLookupListener<Value>;
  /** Waiters that were withdrawn while the id was in flight. */
  readonly #detached: Waiter<Value>[] = [];

  /**
   * @param id the spelling that is sent
   * @param key the canonical form, equal for all spellings of one id
   */
  constructor(
    readonly id: string,
    readonly key: string,
    listener: PendingLookupListener<Value>,
  ) {
    this.#listener = listener;
  }

  /** Whether at least one waiter is left. */
  get isWanted(): boolean {
    return this.#waiters.size > 0;
  }

  /** All waiters; one caller may have several. */
  get waiters(): Iterable<Waiter<Value>> {
    return this.#waiters;
  }

  /**
   * Adds a waiter.
   * @param siblings all unsettled waiters of the caller
   * @param onOutcome receives the outcome once, also when the waiter is withdrawn before
   */
  wait(
    caller: object,
    siblings = new Set<Waiter<Value>>(),
    onOutcome?: OutcomeListener<Value>,
  ): Waiter<Value> {
    const waiter = new Waiter<Value>(this, caller, siblings, onOutcome);
    this.#add(waiter);
    return waiter;
  }

  /** Takes over all waiters of another lookup that waits, which is then abandoned. */
  absorb(other: PendingLookup<Value>): void {
    this.latestDeadlineMs = Math.max(this.latestDeadlineMs, other.latestDeadlineMs);
    const absorbed = [...other.#waiters];
    other.#abandon();
    other.#waiters.clear();
    for (const waiter of absorbed) {
      waiter.entry = this;
      this.#add(waiter);
    }
  }

  /** Settles all waiters and returns how many there were. A second outcome changes nothing and returns 0. */
  settle(outcome: Outcome<Value>): number {
    if (this.state === 'settled') return 0;
    this.state = 'settled';
    const { size } = this.#waiters;
    for (const waiter of this.#waiters) waiter.settle(outcome);
    this.#waiters.clear();
    for (const waiter of this.#detached.splice(0)) waiter.settle(outcome);
    return size;
  }

  /** Removes a waiter that was withdrawn. */
  remove(waiter: Waiter<Value>, reason: unknown): void {
    this.#waiters.delete(waiter);
    if (this.state === 'sent') this.#detached.push(waiter);
    if (this.state !== 'waiting') return;
    waiter.settle({ error: reason });
    this.#listener.onWithdrawn(waiter);
    if (!this.isWanted) this.#abandon();
  }

  #add(waiter: Waiter<Value>): void {
    this.#waiters.add(waiter);
    if (this.state === 'waiting') this.#listener.onWaiting(waiter);
  }

  #abandon(): void {
    if (this.state !== 'waiting') return;
    this.state = 'settled';
    this.#listener.onAbandoned(this);
  }
}

/**
 * All unsettled waiters, by caller. When the signal of a caller aborts, all its waiters are withdrawn. Each signal has one
 * listener, because an operation may wait for a thousand ids.
 */
export class WaitersByCaller<Value> {
  readonly #bySignal = new WeakMap<AbortSignal, Set<Waiter<Value>>>();
  #size = 0;

  /** Waiters without an outcome, of all callers. */
  get size(): number {
    return this.#size;
  }

  /** Adds a waiter to an entry, which then waits at least as long as the caller. */
  add(entry: PendingLookup<Value>, caller: Caller, onOutcome?: OutcomeListener<Value>): Waiter<Value> {
    this.#size += 1;
    entry.latestDeadlineMs = Math.max(entry.latestDeadlineMs, caller.deadlineAtMs);
    return entry.wait(caller, this.#waitersOf(caller), onOutcome);
  }

  /** Settles all waiters of an entry. */
  settle(entry: PendingLookup<Value>, outcome: Outcome<Value>): void {
    this.#size -= entry.settle(outcome);
  }

  /** Withdraws all waiters of an entry that waits, which is then abandoned. */
  withdraw(entry: PendingLookup<Value>, reason: unknown): void {
    const waiters = [...entry.waiters];
    this.#size -= waiters.length;
    for (const waiter of waiters) waiter.withdraw(reason);
  }

  #waitersOf({ signal }: Caller): Set<Waiter<Value>> {
    const known = this.#bySignal.get(signal);
    if (known) return known;
    const waiters = new Set<Waiter<Value>>();
    this.#bySignal.set(signal, waiters);
    const withdrawAll = () => {
      this.#size -= waiters.size;
      for (const waiter of waiters) waiter.withdraw(signal.reason);
    };
    signal.addEventListener('abort', withdrawAll, { once: true });
    return waiters;
  }
}
