import type { Caller, Outcome, OutcomeListener, PendingLookup, Waiter } from './pending-lookup.js';

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
