import type { Clock } from '../../clock.js';
import { DistributedRateLimiter } from './distributed-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';
import { SlidingWindowRateLimiter } from './sliding-window-rate-limiter.js';

export interface RateLimiterOptions {
  /** Whose budget it is; replicas that give the same name share it. */
  readonly name: string;
  /** Where replicas share it; each has its own without it. */
  readonly redisUrl: string | undefined;
  /** Calls that may begin in any sliding second. */
  readonly ratePerSecond: number;
  /** Milliseconds by which calls may arrive closer together than they left. */
  readonly rateMarginMs: number;
  /** Replicas assumed to share the rate while Redis does not answer; an integer from 1 up. */
  readonly replicas?: number | undefined;
  readonly clock: Clock;
}

/** A budget that ends with what it is for. */
export interface RunningRateLimiter {
  readonly rateLimiter: RateLimiter;
  close(): Promise<void>;
}

/** The budget of one API key, of this process alone or shared by all replicas. */
export function createRateLimiter({ name, redisUrl, ...rate }: RateLimiterOptions): RunningRateLimiter {
  if (redisUrl === undefined)
    return { rateLimiter: new SlidingWindowRateLimiter(rate), close: () => Promise.resolve() };
  const rateLimiter = new DistributedRateLimiter({ ...rate, redis: redisUrl, key: `budget:${name}` });
  return { rateLimiter, close: () => rateLimiter.close() };
}
