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
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** One id that is waiting or in flight, and everyone who waits for it. */
export class Entry<Value> {
  state: 'waiting' | 'sent' | 'settled' = 'waiting';
  /** In whose turns the entry may be drawn while it waits; kept by its lane. */
  readonly callers = new Set<object>();
  readonly #pending = new Set<Pending<Value>>();
  readonly #onAbandoned: () => void;

  /**
   * @param id the spelling that is sent
   * @param key what makes two spellings the same id
   * @param onAbandoned called when nobody waits any more before the entry was sent
   */
  constructor(
    readonly id: string,
    readonly key: string,
    onAbandoned: () => void,
  ) {
    this.#onAbandoned = onAbandoned;
  }

  /** Joins those who wait. */
  wait(): Waiter<Value> {
    const { promise, resolve, reject } = withResolvers<Value>();
    const pending: Pending<Value> = { entry: this, resolve, reject };
    this.#pending.add(pending);
    return { promise, withdraw: (reason) => pending.entry.#withdraw(pending, reason) };
  }

  /** Takes over everyone who waits for another entry, which is then abandoned. */
  adopt(other: Entry<Value>): void {
    for (const pending of other.#pending) {
      pending.entry = this;
      this.#pending.add(pending);
    }
    other.#pending.clear();
    other.#abandon();
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
    if (this.#pending.size === 0) this.#abandon();
  }

  #abandon(): void {
    if (this.state !== 'waiting') return;
    this.state = 'settled';
    this.#onAbandoned();
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
