import { randomUUID } from 'node:crypto';
import { checkInteger } from '../check-range.js';
import {
  GuardedRedis,
  type GuardedRedisOptions,
  type GuardedRedisStats,
} from '../resilience/guarded-redis.js';
import type { RedisKeySpace } from '../resilience/redis-key-space.js';
import type { DailyUsage } from './daily-usage.js';
import {
  MemoryQuotaStore,
  type MemoryQuotaStoreOptions,
  type TokenBucketLimit,
} from './memory-quota-store.js';
import type { QuotaStore, QuotaStoreStats, Reservation } from './quota-store.js';
import { RedisDailyUsage } from './redis-daily-usage.js';
import { chargeScript, takeScript } from './redis-quota-scripts.js';

export interface RedisQuotaStoreOptions extends MemoryQuotaStoreOptions, GuardedRedisOptions {
  /** The part of Redis in which replicas share the quotas, as it is now: a changed secret changes it. */
  keySpace(): RedisKeySpace;
}

export interface RedisQuotaStoreStats extends QuotaStoreStats {
  readonly redis: GuardedRedisStats;
}

/** Ids to charge to one caller. */
interface Charge {
  readonly limit: TokenBucketLimit;
  ids: number;
}

/**
 * The quotas of callers of all replicas. Redis decides, and this process keeps its own record beside it. While Redis does
 * not reply, that record decides: each replica then grants the whole rate by itself, and the part of a daily quota that
 * it does not know to be used.
 *
 * Buckets refill by the clock of Redis. The day is that of each replica's clock; usage is kept by day, so replicas whose
 * clocks differ never grant more than the quota of any one day.
 */
export class RedisQuotaStore implements QuotaStore {
  readonly #options: RedisQuotaStoreOptions;
  readonly #replicaId = randomUUID();
  readonly #redis: GuardedRedis;
  readonly #memory: MemoryQuotaStore;
  readonly #shared = new WeakMap<DailyUsage, RedisDailyUsage>();
  /** Charges of this tick, by caller. */
  #charges = new Map<string, Charge>();

  /** Throws a RangeError for an option out of its range. */
  constructor(options: RedisQuotaStoreOptions) {
    this.#options = options;
    this.#memory = new MemoryQuotaStore(options);
    this.#redis = new GuardedRedis(options);
  }

  recordsUsed(name: string): number {
    return this.#memory.recordsUsed(name);
  }

  recordsLeft(name: string, recordsPerDay: number): number {
    return this.#memory.recordsLeft(name, recordsPerDay);
  }

  stats(): RedisQuotaStoreStats {
    return { ...this.#memory.stats(), redis: this.#redis.stats() };
  }

  take(name: string, ids: number, idsPerSecond: number): void | Promise<void> {
    if (!this.#redis.isUsable) return this.#memory.take(name, ids, idsPerSecond);
    checkInteger('ids', ids, 0);
    const limit = this.#memory.toLimit(idsPerSecond);
    limit.assertFitsBucket(ids);
    return this.#takeShared(name, ids, limit);
  }

  charge(name: string, ids: number, idsPerSecond: number): void {
    this.#memory.charge(name, ids, idsPerSecond);
    if (this.#redis.isUsable) this.#scheduleCharge(name, ids, this.#memory.toLimit(idsPerSecond));
  }

  reserve(name: string, records: number, recordsPerDay: number): Reservation | Promise<Reservation> {
    checkInteger('records', records, 0);
    checkInteger('recordsPerDay', recordsPerDay, 0);
    return this.#usageOf(name).reserve(records, recordsPerDay);
  }

  async close(): Promise<void> {
    // Charges and settlements of this macrotask are sent first.
    await new Promise<void>((resolve) => void this.#options.clock.setTimer(0, resolve));
    await this.#redis.close();
  }

  async #takeShared(name: string, ids: number, limit: TokenBucketLimit): Promise<void> {
    const args = [ids, limit.idsPerSecond, limit.capacity];
    const key = this.#bucketKey(name);
    const waitMs = await this.#redis.run((redis) => redis.eval(takeScript, 1, key, ...args));
    if (!Number.isSafeInteger(waitMs)) return this.#memory.take(name, ids, limit.idsPerSecond);
    if (Number(waitMs) > 0) throw limit.toError(ids, Number(waitMs));
    this.#memory.charge(name, ids, limit.idsPerSecond);
  }

  /** Charges of one macrotask share one command, because an operation may miss hundreds of ids. */
  #scheduleCharge(name: string, ids: number, limit: TokenBucketLimit): void {
    if (this.#charges.size === 0) this.#options.clock.setTimer(0, () => this.#sendCharges());
    const charge = this.#charges.get(name);
    if (charge) charge.ids += ids;
    else this.#charges.set(name, { limit, ids });
  }

  /** Not repeated when Redis does not reply: those ids are then not charged in Redis. */
  #sendCharges(): void {
    const charges = this.#charges;
    this.#charges = new Map();
    for (const [name, { ids, limit }] of charges) {
      const key = this.#bucketKey(name);
      const args = [ids, limit.idsPerSecond, limit.capacity];
      void this.#redis.run((redis) => redis.eval(chargeScript, 1, key, ...args));
    }
  }

  #usageOf(name: string): RedisDailyUsage {
    const usage = this.#memory.usageOf(name);
    return this.#shared.get(usage) ?? this.#share(name, usage);
  }

  #share(name: string, usage: DailyUsage): RedisDailyUsage {
    const { keySpace, clock } = this.#options;
    const key = () => keySpace().nameOf('quota:records', `${usage.day} ${name}`);
    const shared = new RedisDailyUsage({
      redis: this.#redis,
      replicaId: this.#replicaId,
      ...{ key, usage, clock },
    });
    this.#shared.set(usage, shared);
    return shared;
  }

  #bucketKey(name: string): string {
    return this.#options.keySpace().nameOf('quota:ids', name);
  }
}
