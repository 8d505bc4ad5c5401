import type { Clock } from '../../clock.js';
import type { RunningRateLimiter } from '../../traffic/rate-limit/create-rate-limiter.js';

interface Leased extends RunningRateLimiter {
  leases: number;
}

/** Milliseconds for which a rate limiter without users is kept. Its calls count for a second, and a margin. */
const keepMs = 3000;

/**
 * One rate limiter for each API key of callers, whatever secrets they bring: Vonage limits the key. It is closed when it has
 * had no user for longer than its calls count.
 */
export class OwnRateLimiters {
  readonly #clock: Clock;
  readonly #create: () => RunningRateLimiter;
  readonly #byKey = new Map<string, Leased>();

  constructor(clock: Clock, create: () => RunningRateLimiter) {
    this.#clock = clock;
    this.#create = create;
  }

  /** The rate limiter of an API key until `close` is called. */
  lease(apiKey: string): RunningRateLimiter {
    const leased = this.#byKey.get(apiKey) ?? { ...this.#create(), leases: 0 };
    this.#byKey.set(apiKey, leased);
    leased.leases += 1;
    const { rateLimiter, state } = leased;
    return { rateLimiter, state, close: async () => this.#end(apiKey, leased) };
  }

  #end(apiKey: string, leased: Leased): void {
    leased.leases -= 1;
    if (leased.leases > 0) return;
    this.#clock.setTimer(keepMs, () => {
      if (leased.leases > 0 || this.#byKey.get(apiKey) !== leased) return;
      this.#byKey.delete(apiKey);
      void leased.close();
    });
  }
}
