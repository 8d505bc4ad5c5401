import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import type { GuardedRedis } from '../resilience/guarded-redis.js';
import type { DailyUsage } from './daily-usage.js';
import type { Reservation } from './quota-store.js';
import { reserveScript } from './redis-quota-scripts.js';

export interface RedisDailyUsageOptions {
  readonly redis: GuardedRedis;
  /** Where all replicas keep their accounts for the same caller and day. */
  readonly key: string;
  /** What this process knows itself; it decides alone when Redis does not answer. */
  readonly account: DailyUsage;
  readonly clock: Clock;
}

interface Asker {
  readonly records: number;
  readonly recordsPerDay: number;
  resolve(reservation: Reservation): void;
  reject(error: unknown): void;
}

/** For settlements that come when the day is over, and clocks of replicas that differ. */
const lateMs = 3_600_000;

/**
 * One replica's account for a caller and a day, beside those of the others in Redis. It only ever writes down what is on
 * it as a whole, and nobody else writes there: a message that is lost, or told twice, is made up for by the next one.
 *
 * Reservations of one tick are asked for together, those that come meanwhile with the next question.
 */
export class RedisDailyUsage {
  readonly #options: RedisDailyUsageOptions;
  readonly #me = randomUUID();
  #askers: Asker[] = [];
  /** What Redis was told last to be on the account; not a number when that is not certain. */
  #told = 0;
  #isTelling = false;

  constructor(options: RedisDailyUsageOptions) {
    this.#options = options;
  }

  reserve(records: number, recordsPerDay: number): Reservation | Promise<Reservation> {
    if (!this.#options.redis.isUsable) return this.#book(records, recordsPerDay);
    return new Promise((resolve, reject) => {
      this.#askers.push({ records, recordsPerDay, resolve, reject });
      this.#tellSoon();
    });
  }

  #book(records: number, recordsPerDay: number): Reservation {
    const reservation = this.#options.account.reserve(records, recordsPerDay);
    const settle = (billed: number) => {
      reservation.settle(billed);
      this.#tellSoon();
    };
    return { settle };
  }

  #tellSoon(): void {
    if (this.#isTelling || !this.#hasNews()) return;
    this.#isTelling = true;
    this.#options.clock.setTimer(0, () => void this.#tell());
  }

  /** Who asks is always answered; what changed can wait until Redis is back and somebody asks again. */
  #hasNews(): boolean {
    const { account, redis } = this.#options;
    return this.#askers.length > 0 || (this.#told !== account.usedOrReserved && redis.isUsable);
  }

  async #tell(): Promise<void> {
    const askers = this.#take();
    // Asked twice: a question that got no answer has most often found only this process too busy to hear it.
    const answer = (await this.#ask(askers)) ?? (await this.#ask(askers));
    if (answer) this.#learn(askers, answer);
    else this.#goAlone(askers);
    this.#isTelling = false;
    this.#tellSoon();
  }

  #take(): readonly Asker[] {
    return this.#askers.splice(0);
  }

  async #ask(askers: readonly Asker[]): Promise<Answer | undefined> {
    const { redis, key, account, clock } = this.#options;
    const wanted = askers.reduce((sum, { records }) => sum + records, 0);
    const perDay = askers.reduce((most, { recordsPerDay }) => Math.max(most, recordsPerDay), 0);
    const keepMs = Math.ceil(Math.max(0, account.endsAtMs - clock.now()) + lateMs);
    const args = [this.#me, account.usedOrReserved, wanted, perDay, keepMs];
    const answer = await redis.ask((connection) => connection.eval(reserveScript, 1, key, ...args));
    return isAnswer(answer) ? answer : undefined;
  }

  /** Redis has booked as much as fits of what is wanted: what fits here as well, in the order in which it was asked for. */
  #learn(askers: readonly Asker[], [usedOrReserved, others]: Answer): void {
    this.#options.account.usedByOtherReplicas = others;
    this.#told = usedOrReserved;
    for (const asker of askers) this.#answer(asker);
  }

  /** Nobody waits for the next question when this one failed. */
  #goAlone(askers: readonly Asker[]): void {
    this.#told = Number.NaN;
    for (const asker of [...askers, ...this.#take()]) this.#answer(asker);
  }

  #answer({ records, recordsPerDay, resolve, reject }: Asker): void {
    try {
      resolve(this.#book(records, recordsPerDay));
    } catch (error) {
      reject(error);
    }
  }
}

/** Records on this account, and on the others. */
type Answer = readonly [number, number];

function isAnswer(answer: unknown): answer is Answer {
  return Array.isArray(answer) && answer.length === 2 && answer.every(isCount);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
