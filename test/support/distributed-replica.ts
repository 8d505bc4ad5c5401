import { setTimeout as sleep } from 'node:timers/promises';
import { DistributedRateLimiter } from '../../src/traffic/rate-limit/distributed-rate-limiter.js';
import type {
  DistributedRateLimiterOptions,
  ModeDetails,
  RateLimiterMode,
} from '../../src/traffic/rate-limit/distributed-rate-limiter-options.js';
import { ManualClock } from './manual-clock.js';

/** Milliseconds of real time after which a wait has failed. */
const patienceMs = 10_000;

/** A replica on a manual clock, while the time of Redis passes normally. */
export class DistributedReplica implements AsyncDisposable {
  readonly clock = new ManualClock(0);
  readonly rateLimiter: DistributedRateLimiter;
  /** When each token was granted. */
  readonly grantedAtMs: number[] = [];
  readonly modes: RateLimiterMode[] = [];
  readonly details: ModeDetails[] = [];

  constructor(
    redis: DistributedRateLimiterOptions['redis'],
    options: Partial<DistributedRateLimiterOptions> = {},
  ) {
    this.rateLimiter = new DistributedRateLimiter({
      ...{ redis, key: () => 'rate', ratePerSecond: 10, clock: this.clock },
      onModeChange: (mode, details) => {
        this.modes.push(mode);
        this.details.push(details);
      },
      ...options,
    });
  }

  /** Acquires tokens whose calls start at once. */
  call(count: number): void {
    for (let each = 0; each < count; each += 1) {
      void this.rateLimiter.acquire().then(() => {
        this.rateLimiter.started();
        this.grantedAtMs.push(this.clock.now());
      });
    }
  }

  /** Acquires tokens whose calls do not start yet. */
  hold(count: number): void {
    for (let each = 0; each < count; each += 1) {
      void this.rateLimiter.acquire().then(() => this.grantedAtMs.push(this.clock.now()));
    }
  }

  /** Lets this replica do what is due now and read what Redis answers, until something holds. */
  async until(holds: () => boolean): Promise<void> {
    await this.#repeatUntil(holds, 0);
  }

  /** Lets its time pass as well, until something holds. */
  async liveUntil(holds: () => boolean): Promise<void> {
    await this.#repeatUntil(holds, 25);
  }

  /** Lets its time pass in steps, with an answer of Redis in each. */
  async live(forMs: number): Promise<void> {
    const untilMs = this.clock.now() + forMs;
    await this.liveUntil(() => this.clock.now() >= untilMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rateLimiter.close();
  }

  async #repeatUntil(holds: () => boolean, stepMs: number): Promise<void> {
    for (const giveUpAtMs = performance.now() + patienceMs; !holds(); ) {
      if (performance.now() > giveUpAtMs)
        throw new Error(`Not yet, in mode ${this.rateLimiter.stats().mode}: ${holds}`);
      await this.clock.advance(stepMs);
      // Redis replies during these waits, or on a slow machine during those of a later step.
      for (let wait = 0; wait < 3; wait += 1) {
        await sleep(1);
        await this.clock.tick();
      }
    }
  }
}
