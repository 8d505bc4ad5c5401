import { createHash } from 'node:crypto';
import { GuardedRedis, type GuardedRedisOptions } from '../resilience/guarded-redis.js';
import type { DailyUsage } from './daily-usage.js';
import { MemoryQuotaStore, type MemoryQuotaStoreOptions } from './memory-quota-store.js';
import type { QuotaStore, Reservation } from './quota-store.js';
import { checkCount } from './quota-store.js';
import { RedisDailyUsage } from './redis-daily-usage.js';
import { chargeScript, takeScript } from './redis-quota-scripts.js';
import type { TokenBucketLimit } from './token-buckets.js';

export interface RedisQuotaStoreOptions extends MemoryQuotaStoreOptions, GuardedRedisOptions {
  /** What every key begins with, so that others may use the same Redis. */
  readonly prefix: string;
}

/** Ids to be charged to one caller. */
interface Charge {
  readonly rate: TokenBucketLimit;
  ids: number;
}

/**
 * What callers of all replicas may ask for. Redis decides, and this process writes down beside it what its own callers got.
 * While Redis does not answer, what is written down here decides: each replica then allows the whole rate by itself, and
 * of a day's budget what it does not know to be used up.
 *
 * The clock of Redis tells how far a bucket has refilled, that of each replica what day it is. A budget is kept day by day,
 * so replicas whose clocks differ never allow more of any one day.
 */
export class RedisQuotaStore implements QuotaStore {
  readonly #options: RedisQuotaStoreOptions;
  readonly #redis: GuardedRedis;
  readonly #memory: MemoryQuotaStore;
  readonly #shared = new WeakMap<DailyUsage, RedisDailyUsage>();
  /** What was charged in this tick, by name. */
  #charges = new Map<string, Charge>();

  /** Throws a RangeError for an option out of its range. */
  constructor(options: RedisQuotaStoreOptions) {
    this.#options = options;
    this.#memory = new MemoryQuotaStore(options);
    this.#redis = new GuardedRedis(options);
  }

  /** Commands that Redis refused, lost or answered too late. */
  get failures(): number {
    return this.#redis.failures;
  }

  take(name: string, ids: number, idsPerSecond: number): void | Promise<void> {
    if (!this.#redis.isUsable) return this.#memory.take(name, ids, idsPerSecond);
    checkCount('ids', ids);
    const rate = this.#memory.rate(idsPerSecond);
    rate.assertFitsBucket(ids);
    return this.#takeShared(name, ids, rate);
  }

  charge(name: string, ids: number, idsPerSecond: number): void {
    this.#memory.charge(name, ids, idsPerSecond);
    if (this.#redis.isUsable) this.#chargeSoon(name, ids, this.#memory.rate(idsPerSecond));
  }

  reserve(name: string, records: number, recordsPerDay: number): Reservation | Promise<Reservation> {
    checkCount('records', records);
    checkCount('recordsPerDay', recordsPerDay);
    return this.#account(name).reserve(records, recordsPerDay);
  }

  async close(): Promise<void> {
    // What waits for the end of this macrotask is sent first.
    await new Promise<void>((resolve) => void this.#options.clock.setTimer(0, resolve));
    await this.#redis.close();
  }

  async #takeShared(name: string, ids: number, rate: TokenBucketLimit): Promise<void> {
    const args = [ids, rate.idsPerSecond, rate.capacity];
    const key = this.#bucketKey(name);
    const waitMs = await this.#redis.ask((redis) => redis.eval(takeScript, 1, key, ...args));
    if (!Number.isSafeInteger(waitMs)) return this.#memory.take(name, ids, rate.idsPerSecond);
    if (Number(waitMs) > 0) throw rate.toError(ids, Number(waitMs));
    this.#memory.charge(name, ids, rate.idsPerSecond);
  }

  /** Misses come one by one and by the hundred. */
  #chargeSoon(name: string, ids: number, rate: TokenBucketLimit): void {
    if (this.#charges.size === 0) this.#options.clock.setTimer(0, () => this.#sendCharges());
    const charge = this.#charges.get(name);
    if (charge) charge.ids += ids;
    else this.#charges.set(name, { rate, ids });
  }

  /** Not told again when Redis does not hear of it: misses count once then. */
  #sendCharges(): void {
    const charges = this.#charges;
    this.#charges = new Map();
    for (const [name, { ids, rate }] of charges) {
      const key = this.#bucketKey(name);
      const args = [ids, rate.idsPerSecond, rate.capacity];
      void this.#redis.ask((redis) => redis.eval(chargeScript, 1, key, ...args));
    }
  }

  #account(name: string): RedisDailyUsage {
    const account = this.#memory.account(name);
    return this.#shared.get(account) ?? this.#share(name, account);
  }

  #share(name: string, account: DailyUsage): RedisDailyUsage {
    const key = `${this.#options.prefix}records:${account.day}:${digest(name)}`;
    const shared = new RedisDailyUsage({ redis: this.#redis, key, account, clock: this.#options.clock });
    this.#shared.set(account, shared);
    return shared;
  }

  #bucketKey(name: string): string {
    return `${this.#options.prefix}ids:${digest(name)}`;
  }
}

/** A name may be somebody's own, or an address; it is not for others to read. */
function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
