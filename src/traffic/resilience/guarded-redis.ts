import type { Redis } from 'ioredis';
import type { Clock } from '../../clock.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { RedisConnection, type RedisSource } from './redis-connection.js';

export interface GuardedRedisOptions {
  /** A connection, which is left open, or a URL. */
  readonly redis: RedisSource;
  readonly clock: Clock;
  /** Milliseconds after which a command has failed. A number from 1 up. Default: 50. */
  readonly commandTimeoutMs?: number;
  /** Failures in a row after which Redis is left alone for a while. An integer from 1 up. Default: 5. */
  readonly failuresToOpen?: number;
  /** Milliseconds for which it is left alone. A number from 0 up. Default: 5,000. */
  readonly coolDownMs?: number;
}

/** A Redis that is asked while it answers, and else left alone: whatever is wrong with it, nobody waits long. */
export class GuardedRedis {
  readonly #connection: RedisConnection;
  readonly #breaker: CircuitBreaker;
  readonly #inFlight = new Set<Promise<unknown>>();
  #isClosed = false;
  #failures = 0;

  constructor({ redis, clock, commandTimeoutMs = 50, failuresToOpen = 5, coolDownMs }: GuardedRedisOptions) {
    if (!(commandTimeoutMs >= 1)) {
      throw new RangeError(`Expected \`commandTimeoutMs\` to be a number from 1 up, got ${commandTimeoutMs}`);
    }
    if (!(failuresToOpen >= 1)) {
      throw new RangeError(`Expected \`failuresToOpen\` to be an integer from 1 up, got ${failuresToOpen}`);
    }
    const coolDown = coolDownMs === undefined ? {} : { coolDownMs };
    this.#breaker = new CircuitBreaker({ clock, failuresToOpen, ...coolDown, isFailure: () => true });
    this.#connection = new RedisConnection(redis, commandTimeoutMs, clock);
  }

  /** Whether it is worth asking now: it is connected, and did not fail several times in a row a moment ago. */
  get isUsable(): boolean {
    if (this.#isClosed || !this.#connection.isReady) return false;
    try {
      this.#breaker.refuseWhileOpen();
      return true;
    } catch {
      return false;
    }
  }

  /** Commands that Redis refused, lost or answered too late. */
  get failures(): number {
    return this.#failures;
  }

  /** What a command answers; undefined when it failed, or was not worth asking. Never rejects. */
  async ask<Answer>(command: (redis: Redis) => Promise<Answer>): Promise<Answer | undefined> {
    if (!this.isUsable) return undefined;
    const asked = this.#breaker.run(() => this.#connection.run(command));
    this.#inFlight.add(asked);
    try {
      return await asked;
    } catch {
      this.#failures += 1;
      return undefined;
    } finally {
      this.#inFlight.delete(asked);
    }
  }

  /** Ends the connection, if it was made here, when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#inFlight);
    this.#connection.close();
  }
}
