import type { Reservation } from '../../traffic/quota/quota-store.js';
import type { Operation } from '../operation.js';
import type { Page } from './page.js';

/** How an operation came to a page. */
export interface FoundPage {
  readonly page: Page;
  /** `bought` for the operation that pays for it; `kept` for any other. */
  readonly from: 'bought' | 'kept';
}

/** The operation that pays for a page. */
export interface Payer {
  readonly operation: Operation;
  readonly reservation: Reservation | undefined;
}

interface Waiter {
  readonly operation: Operation;
  resolve(found: FoundPage): void;
  reject(error: unknown): void;
}

/** One page that is being bought, and the operations that wait for it. */
export class PagePurchase {
  readonly #waiters = new Set<Waiter>();
  /** Called when the last operation has gone. */
  onAbandoned: () => void = () => {};

  /** Whether an operation still waits for the page. */
  get isWanted(): boolean {
    return this.#waiters.size > 0;
  }

  /** The operations that wait for the page. */
  get operations(): ReadonlySet<Operation> {
    return new Set([...this.#waiters].map(({ operation }) => operation));
  }

  /** When the last operation stops waiting, in epoch milliseconds. */
  get latestDeadlineMs(): number {
    return Math.max(...[...this.#waiters].map(({ operation }) => operation.deadlineAtMs));
  }

  /** Whether an operation still waits for the page. */
  isWaiting(operation: Operation): boolean {
    return [...this.#waiters].some((waiter) => waiter.operation === operation);
  }

  /** Waits for the page. Rejects with the reason of the operation's signal when that aborts. */
  wait(operation: Operation): Promise<FoundPage> {
    return new Promise((resolve, reject) => {
      const { signal } = operation;
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#waiters.delete(waiter);
        reject(signal.reason);
        if (!this.isWanted) this.onAbandoned();
      };
      const end = <Outcome>(settle: (outcome: Outcome) => void) => {
        return (outcome: Outcome) => {
          signal.removeEventListener('abort', leave);
          this.#waiters.delete(waiter);
          settle(outcome);
        };
      };
      const waiter: Waiter = { operation, resolve: end(resolve), reject: end(reject) };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /**
   * Finds the operation that pays: the first that has enough of its quota left. One that has not is refused, and costs the
   * others nothing. Undefined when no operation is left.
   *
   * @param records how many to reserve
   */
  async findPayer(records: number): Promise<Payer | undefined> {
    for (const waiter of this.#waiters) {
      try {
        const reservation = await waiter.operation.reserveRecords?.(records);
        if (this.#waiters.has(waiter)) return { operation: waiter.operation, reservation };
        reservation?.settle(0);
      } catch (error) {
        waiter.reject(error);
      }
    }
    return undefined;
  }

  /** Gives the page to every operation that waits. */
  settle(page: Page, payer?: Operation): void {
    for (const waiter of [...this.#waiters])
      waiter.resolve({ page, from: waiter.operation === payer ? 'bought' : 'kept' });
  }

  /** Tells every operation that waits why there is no page. */
  fail(error: unknown): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}
