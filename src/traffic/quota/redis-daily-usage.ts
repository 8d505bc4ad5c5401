import type { Clock } from '../../clock.js';
import type { GuardedRedis } from '../resilience/guarded-redis.js';
import type { DailyUsage } from './daily-usage.js';
import type { Reservation } from './quota-store.js';
import { reserveScript } from './redis-quota-scripts.js';

export interface RedisDailyUsageOptions {
  readonly redis: GuardedRedis;
  /** Names this replica. The same for all its usages, so that a usage which made room and returned goes on with its total. */
  readonly replicaId: string;
  /** The key under which all replicas write their usage of the same caller and day. A changed secret changes it. */
  key(): string;
  /** The usage of this replica, which decides alone while Redis does not reply. */
  readonly usage: DailyUsage;
  readonly clock: Clock;
}

/** A call of `reserve` that waits for Redis. */
interface ReservationRequest {
  readonly records: number;
  readonly recordsPerDay: number;
  resolve(reservation: Reservation): void;
  reject(error: unknown): void;
}

/** Milliseconds for which a key outlives its day: for late settlements, and for replicas whose clocks differ. */
const keepAfterDayMs = 3_600_000;

/**
 * The usage of one replica for a caller and a day, beside those of the other replicas in Redis. Each replica only writes
 * its own total, so a write that is lost or repeated is corrected by the next one.
 *
 * Reservations of one tick share one command. Those that come while it is in flight share the next.
 */
export class RedisDailyUsage {
  readonly #options: RedisDailyUsageOptions;
  readonly #requests: ReservationRequest[] = [];
  /** The total that Redis holds for this replica; NaN when that is uncertain. */
  #written = 0;
  #isSyncing = false;
  #key: string | undefined;
  /** What other replicas are known to have used under earlier keys. They write the same again under the new one. */
  #usedBefore = 0;

  constructor(options: RedisDailyUsageOptions) {
    this.#options = options;
  }

  /** As `QuotaStore.reserve`. */
  reserve(records: number, recordsPerDay: number): Reservation | Promise<Reservation> {
    if (!this.#options.redis.isUsable) return this.#reserveLocally(records, recordsPerDay);
    return new Promise((resolve, reject) => {
      this.#requests.push({ records, recordsPerDay, resolve, reject });
      this.#scheduleSync();
    });
  }

  #reserveLocally(records: number, recordsPerDay: number): Reservation {
    const reservation = this.#options.usage.reserve(records, recordsPerDay);
    const settle = (billed: number) => {
      reservation.settle(billed);
      this.#scheduleSync();
    };
    return { settle };
  }

  #scheduleSync(): void {
    if (this.#isSyncing || !this.#needsSync()) return;
    this.#isSyncing = true;
    this.#options.clock.setTimer(0, () => void this.#sync());
  }

  /** A request must always be resolved. A changed total can wait until Redis is back and the next request comes. */
  #needsSync(): boolean {
    const { usage, redis } = this.#options;
    return this.#requests.length > 0 || (this.#written !== usage.usedOrReserved && redis.isUsable);
  }

  async #sync(): Promise<void> {
    const requests = this.#requests.splice(0);
    // Sent twice, because the most frequent reason for no reply is that this process was too busy to read it in time.
    const reply = (await this.#send(requests)) ?? (await this.#send(requests));
    if (reply) this.#apply(requests, reply);
    else this.#fallBack(requests);
    this.#isSyncing = false;
    this.#scheduleSync();
  }

  async #send(requests: readonly ReservationRequest[]): Promise<Reply | undefined> {
    const { redis, replicaId, usage, clock } = this.#options;
    const key = this.#currentKey();
    const wanted = requests.reduce((sum, { records }) => sum + records, 0);
    const perDay = requests.reduce((most, { recordsPerDay }) => Math.max(most, recordsPerDay), 0);
    const keepMs = Math.ceil(Math.max(0, usage.endsAtMs - clock.now()) + keepAfterDayMs);
    const args = [replicaId, usage.usedOrReserved, wanted, perDay, keepMs];
    const reply = await redis.run((connection) => connection.eval(reserveScript, 1, key, ...args));
    return isReply(reply) ? reply : undefined;
  }

  #currentKey(): string {
    const key = this.#options.key();
    if (this.#key !== undefined && this.#key !== key)
      this.#usedBefore = this.#options.usage.usedByOtherReplicas;
    this.#key = key;
    return key;
  }

  /** Redis has reserved as many records as are left. They go to the requests that fit, in order. */
  #apply(requests: readonly ReservationRequest[], [usedOrReserved, usedByOtherReplicas]: Reply): void {
    this.#options.usage.usedByOtherReplicas = Math.max(this.#usedBefore, usedByOtherReplicas);
    this.#written = usedOrReserved;
    for (const request of requests) this.#resolve(request);
  }

  /** Decides alone, also for requests that came meanwhile, so that they do not wait for one more timeout. */
  #fallBack(requests: readonly ReservationRequest[]): void {
    this.#written = Number.NaN;
    for (const request of [...requests, ...this.#requests.splice(0)]) this.#resolve(request);
  }

  #resolve({ records, recordsPerDay, resolve, reject }: ReservationRequest): void {
    try {
      resolve(this.#reserveLocally(records, recordsPerDay));
    } catch (error) {
      reject(error);
    }
  }
}

/** Records of this replica, and of all others. */
type Reply = readonly [usedOrReserved: number, usedByOtherReplicas: number];

function isReply(reply: unknown): reply is Reply {
  return Array.isArray(reply) && reply.length === 2 && reply.every(isCount);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
