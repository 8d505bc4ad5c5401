import type { Clock } from '../../clock.js';
import { checkInteger, checkNumber } from '../check-range.js';
import type { RedisSource } from '../resilience/redis-connection.js';
import type { RateLimiterStats } from './sliding-window-rate-limiter.js';

/** `shared`: Redis grants the tokens of all replicas. `local`: this replica grants its part of the rate by itself. */
export type RateLimiterMode = 'shared' | 'local';

/** Replicas that share a key need the same rate and margin. */
export interface DistributedRateLimiterOptions {
  /** A connection, which `close()` leaves open, or a URL. */
  readonly redis: RedisSource;
  /** The name of the window in Redis, one for each API key. It may change at any time, and the window with it. */
  key(): string;
  /** Calls of all replicas that may start in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /** Milliseconds added to the second, as for `SlidingWindowRateLimiter`. A number from 0 up. Default: 15. */
  readonly rateMarginMs?: number | undefined;
  /** Milliseconds after which a command has failed. A number from 1 up. Default: 50. */
  readonly commandTimeoutMs?: number | undefined;
  /**
   * Replicas that divide the rate in `local` mode. An integer from 1 up. Default: the number that Redis saw last, or 1
   * while Redis was never reached.
   */
  readonly replicas?: number | undefined;
  /** Called once for every change of the mode. Must not throw. */
  readonly onModeChange?: ((mode: RateLimiterMode, details: ModeDetails) => void) | undefined;
}

export interface DistributedRateLimiterStats extends RateLimiterStats {
  readonly mode: RateLimiterMode;
  /** Replicas that divide the rate in `local` mode. */
  readonly replicas: number;
  /** Calls of this replica that may start in any sliding second in `local` mode. */
  readonly localRatePerSecond: number;
  /** Exchanges with Redis that failed. */
  readonly redisFailures: number;
}

export interface ModeDetails extends DistributedRateLimiterStats {
  /** Whether Redis has replied since the start. If not, and without the option `replicas`, one replica is assumed. */
  readonly wasRedisReached: boolean;
  /** Why Redis failed, without any secret; undefined when the mode becomes `shared`. */
  readonly reason: string | undefined;
}

/** @throws {RangeError} that names the first option whose value is out of range */
export function checkOptions(options: DistributedRateLimiterOptions): void {
  const { ratePerSecond, replicas = 1, commandTimeoutMs = 50, rateMarginMs = 15 } = options;
  checkInteger('ratePerSecond', ratePerSecond, 1);
  checkInteger('replicas', replicas, 1);
  checkNumber('commandTimeoutMs', commandTimeoutMs, 1);
  checkNumber('rateMarginMs', rateMarginMs, 0);
}
