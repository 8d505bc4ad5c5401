import type { Clock } from '../../clock.js';
import type { RedisSource } from '../resilience/redis-connection.js';

/** `shared`: Redis grants the tokens of all replicas. `local`: this replica grants its part of the rate by itself. */
export type RateLimiterMode = 'shared' | 'local';

/** Replicas that share a key need the same rate and margin. */
export interface DistributedRateLimiterOptions {
  /** A connection, which `close()` leaves open, or a URL. */
  readonly redis: RedisSource;
  /** The name of the window in Redis, one for each API key. Not empty. */
  readonly key: string;
  /** Calls of all replicas that may start in any sliding second. An integer from 1 up. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  /**
   * Milliseconds added to the second, because two calls may arrive closer together than they started. A number from 0 up.
   * Default: 15.
   */
  readonly rateMarginMs?: number | undefined;
  /** Milliseconds after which a command to Redis has failed. A number from 1 up. Default: 50. */
  readonly commandTimeoutMs?: number | undefined;
  /**
   * Replicas that divide the rate in `local` mode. An integer from 1 up. Default: the number that Redis saw last, or 1
   * while Redis was never reached.
   */
  readonly replicas?: number | undefined;
  /** Called once for every change of the mode. Must not throw. */
  readonly onModeChange?: ((mode: RateLimiterMode, details: ModeDetails) => void) | undefined;
}

export interface RateLimiterStats {
  readonly mode: RateLimiterMode;
  /** Replicas that divide the rate in `local` mode. */
  readonly replicas: number;
  /** Calls of this replica that may start in any sliding second in `local` mode. */
  readonly localRatePerSecond: number;
  /** Callers of this replica that wait for a token. */
  readonly waiting: number;
  /** Exchanges with Redis that failed. */
  readonly redisFailures: number;
}

export interface ModeDetails extends RateLimiterStats {
  /** Whether Redis has answered since the start. If not, and without the option `replicas`, one replica is assumed. */
  readonly wasRedisReached: boolean;
  /** Why Redis failed, without any secret; undefined when the mode becomes `shared`. */
  readonly reason: string | undefined;
}

/** @throws {RangeError} that names the first option whose value is out of range */
export function assertInRange(options: DistributedRateLimiterOptions): void {
  const { key, ratePerSecond, replicas = 1, commandTimeoutMs = 50, rateMarginMs = 15 } = options;
  if (key === '') throw new RangeError('Expected `key` not to be empty');
  assertAtLeast(1, 'an integer', { ratePerSecond, replicas });
  assertAtLeast(1, 'a number', { commandTimeoutMs });
  assertAtLeast(0, 'a number', { rateMarginMs });
}

function assertAtLeast(
  least: number,
  kind: 'an integer' | 'a number',
  options: Readonly<Record<string, number>>,
): void {
  const isOfKind = kind === 'an integer' ? Number.isInteger : Number.isFinite;
  for (const [name, value] of Object.entries(options)) {
    if (isOfKind(value) && value >= least) continue;
    throw new RangeError(`Expected \`${name}\` to be ${kind} from ${least} up, got ${value}`);
  }
}
