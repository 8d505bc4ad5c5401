import type { Clock } from '../../clock.js';
import type { RedisKeySpace } from '../resilience/redis-key-space.js';
import { DistributedRateLimiter } from './distributed-rate-limiter.js';
import type { DistributedRateLimiterOptions, RateLimiterMode } from './distributed-rate-limiter-options.js';
import type { RateLimiter } from './rate-limiter.js';
import { SlidingWindowRateLimiter } from './sliding-window-rate-limiter.js';

interface SharedRate {
  readonly url: string | undefined;
  /** The part of Redis of the API key whose rate is limited, as it is now: a changed secret changes it. */
  keySpace(): RedisKeySpace;
}

export interface RateLimiterOptions {
  /** Where replicas share the limit; undefined, or without a URL, for a limit of this process alone. */
  readonly redis: SharedRate | undefined;
  /** Calls that may start in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  /** Milliseconds added to the second, because calls may arrive closer together than they started. A number from 0 up. */
  readonly rateMarginMs: number;
  /** Replicas assumed to share the rate while Redis does not answer; an integer from 1 up. */
  readonly replicas?: number | undefined;
  /** Milliseconds after which a command to Redis has failed. A number from 1 up. */
  readonly commandTimeoutMs: number;
  readonly clock: Clock;
  /** Called once for every change between the shared and the local mode of a limit that replicas share. Must not throw. */
  readonly onModeChange?: DistributedRateLimiterOptions['onModeChange'];
}

/** A rate limiter, and how to release what it holds open. */
export interface RunningRateLimiter {
  readonly rateLimiter: RateLimiter;
  state(): RateLimiterState;
  close(): Promise<void>;
}

export interface RateLimiterState {
  /** Whether replicas share the rate now. */
  readonly mode: RateLimiterMode;
  /** Milliseconds that calls start apart after refusals; 0 without them. */
  readonly spacingMs: number;
}

/** The rate limiter of one API key, shared through Redis where a URL is given. */
export function createRateLimiter({ redis, ...rate }: RateLimiterOptions): RunningRateLimiter {
  if (redis?.url === undefined) {
    const rateLimiter = new SlidingWindowRateLimiter(rate);
    const state = () => ({ mode: 'local' as const, spacingMs: rateLimiter.stats().spacingMs });
    return { rateLimiter, state, close: () => Promise.resolve() };
  }
  const key = () => redis.keySpace().nameOf('rate-limit', '');
  const rateLimiter = new DistributedRateLimiter({ ...rate, redis: redis.url, key });
  return { rateLimiter, state: () => rateLimiter.stats(), close: () => rateLimiter.close() };
}
