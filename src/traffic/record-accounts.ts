import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import { RecordAccount } from './record-account.js';

/**
 * Today's account for each name. Who asked longest ago makes room for others, and finds an empty account later; but not
 * while a reservation of it has no outcome.
 */
export class RecordAccounts {
  readonly #clock: Clock;
  readonly #accounts: LRUCache<string, RecordAccount>;
  /** Accounts whose reservations have no outcome yet, wherever they stand in the line. */
  readonly #open = new Map<string, RecordAccount>();

  constructor(clock: Clock, maxNames: number) {
    this.#clock = clock;
    // `max` would set room aside for all of them at once.
    this.#accounts = new LRUCache({ maxSize: maxNames, sizeCalculation: () => 1 });
  }

  of(name: string): RecordAccount {
    const known = this.#open.get(name) ?? this.#accounts.get(name);
    return known && !known.isOver ? known : this.#begin(name);
  }

  /** Reservations of the day before are settled in its account, which is not today's any more. */
  #begin(name: string): RecordAccount {
    const account: RecordAccount = new RecordAccount(this.#clock, (isOpen) => {
      if (isOpen) this.#hold(name, account);
      else this.#release(name, account);
    });
    this.#open.delete(name);
    this.#accounts.set(name, account);
    return account;
  }

  /** Not when another account has taken its place. */
  #hold(name: string, account: RecordAccount): void {
    if ((this.#accounts.peek(name) ?? account) === account) this.#open.set(name, account);
  }

  #release(name: string, account: RecordAccount): void {
    if (this.#open.get(name) !== account) return;
    this.#open.delete(name);
    // To be asked for is to be used, which is much cheaper than to be put there anew.
    if (this.#accounts.get(name) !== account) this.#accounts.set(name, account);
  }
}
