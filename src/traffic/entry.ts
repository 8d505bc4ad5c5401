/** How a look-up ended. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

/** One of those who wait for an entry. */
export interface Waiter<Value> {
  readonly promise: Promise<Value>;
  /** Rejects this waiter alone, unless it was settled already. */
  withdraw(reason: unknown): void;
}

interface Pending<Value> {
  entry: Entry<Value>;
  readonly caller: object;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

export interface EntryListener {
  /** Called when a caller does not wait any more. */
  onLeft(caller: object): void;
  /** Called when nobody waits any more before the entry was sent. */
  onAbandoned(): void;
}

/** One id that is waiting or in flight, and everyone who waits for it. */
export class Entry<Value> {
  state: 'waiting' | 'sent' | 'settled' = 'waiting';
  /** When it began to wait, and until when somebody waits for it; both are for who made it to know, in epoch milliseconds. */
  sinceMs = -Infinity;
  untilMs = -Infinity;
  readonly #pending = new Set<Pending<Value>>();
  readonly #listener: EntryListener;

  /**
   * @param id the spelling that is sent
   * @param key what makes two spellings the same id
   */
  constructor(
    readonly id: string,
    readonly key: string,
    listener: EntryListener,
  ) {
    this.#listener = listener;
  }

  /** Whether anybody still waits for it. */
  get isWanted(): boolean {
    return this.#pending.size > 0;
  }

  /** Those who wait; one that waits more than once is named as often. */
  get callers(): readonly object[] {
    return Array.from(this.#pending, ({ caller }) => caller);
  }

  /** Joins those who wait. A caller that joins more than once also withdraws from all at once. */
  wait(caller: object): Waiter<Value> {
    const { promise, resolve, reject } = withResolvers<Value>();
    const pending: Pending<Value> = { entry: this, caller, resolve, reject };
    this.#pending.add(pending);
    return { promise, withdraw: (reason) => pending.entry.#withdraw(pending, reason) };
  }

  /** Takes over everyone who waits for another entry, which is then abandoned. */
  adopt(other: Entry<Value>): void {
    this.untilMs = Math.max(this.untilMs, other.untilMs);
    for (const pending of other.#pending) {
      pending.entry = this;
      this.#pending.add(pending);
    }
    other.#abandon();
    other.#pending.clear();
  }

  /** Settles everyone who waits; a second outcome changes nothing. */
  settle(outcome: Outcome<Value>): void {
    if (this.state === 'settled') return;
    this.state = 'settled';
    for (const pending of this.#pending) {
      if ('error' in outcome) pending.reject(outcome.error);
      else pending.resolve(outcome.value);
    }
    this.#pending.clear();
  }

  #withdraw(pending: Pending<Value>, reason: unknown): void {
    if (!this.#pending.delete(pending)) return;
    pending.reject(reason);
    this.#listener.onLeft(pending.caller);
    if (this.#pending.size === 0) this.#abandon();
  }

  #abandon(): void {
    if (this.state !== 'waiting') return;
    this.state = 'settled';
    this.#listener.onAbandoned();
  }
}

function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Value>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
