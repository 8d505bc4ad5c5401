/** How a lookup ended. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

/** The operation that lookups belong to. All lookups of one operation pass the same caller; fairness is between callers. */
export interface Caller<Value = unknown> {
  /** Aborted when the caller disconnects or its time is up. Its lookups reject with the reason of the signal. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which the caller no longer waits. */
  readonly deadlineAtMs: number;
  /**
   * Called when the signal aborts while an id is in flight, once for each id. The function that it returns receives the
   * outcome of that id, once.
   */
  onDetached?(key: string): (outcome: Outcome<Value>) => void;
}

/** The part of a caller that a pending lookup uses; the object itself is the caller's identity. */
type DetachableCaller<Value> = Pick<Caller<Value>, 'onDetached'>;

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
  readonly caller: DetachableCaller<Value>;
  readonly #siblings: Set<Waiter<Value>>;
  #resolve!: (value: Value) => void;
  #reject!: (error: unknown) => void;

  /** @param siblings all unsettled waiters of the caller; this one is a member until it has an outcome */
  constructor(entry: PendingLookup<Value>, caller: DetachableCaller<Value>, siblings: Set<Waiter<Value>>) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.entry = entry;
    this.caller = caller;
    this.#siblings = siblings;
    siblings.add(this);
  }

  /** Resolves or rejects the promise. */
  settle(outcome: Outcome<Value>): void {
    this.#siblings.delete(this);
    if ('error' in outcome) this.#reject(outcome.error);
    else this.#resolve(outcome.value);
  }

  /** Rejects this waiter alone and leaves the others of the lookup waiting. Does nothing once it is settled. */
  withdraw(reason: unknown): void {
    if (!this.#siblings.has(this)) return;
    this.settle({ error: reason });
    this.entry.remove(this);
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
  /** What callers that detached while the id was in flight do with its outcome. */
  #detached: Map<DetachableCaller<Value>, (outcome: Outcome<Value>) => void> | undefined;

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
   */
  wait(caller: DetachableCaller<Value>, siblings = new Set<Waiter<Value>>()): Waiter<Value> {
    const waiter = new Waiter<Value>(this, caller, siblings);
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
    for (const onOutcome of this.#detached?.values() ?? []) onOutcome(outcome);
    return size;
  }

  /** Removes a waiter that was withdrawn. */
  remove(waiter: Waiter<Value>): void {
    this.#waiters.delete(waiter);
    if (this.state === 'sent') this.#detach(waiter.caller);
    if (this.state !== 'waiting') return;
    this.#listener.onWithdrawn(waiter);
    if (!this.isWanted) this.#abandon();
  }

  #add(waiter: Waiter<Value>): void {
    this.#waiters.add(waiter);
    if (this.state === 'waiting') this.#listener.onWaiting(waiter);
  }

  /** One caller may have had several waiters, and receives the outcome once. */
  #detach(caller: DetachableCaller<Value>): void {
    if (!caller.onDetached || this.#detached?.has(caller)) return;
    this.#detached ??= new Map();
    this.#detached.set(caller, caller.onDetached(this.key));
  }

  #abandon(): void {
    if (this.state !== 'waiting') return;
    this.state = 'settled';
    this.#listener.onAbandoned(this);
  }
}
