import type { Clock } from '../../clock.js';
import { checkNumber } from '../check-range.js';
import { CircuitBreaker } from './circuit-breaker.js';
import {
  type OnReadyChange,
  type RedisClient,
  RedisConnection,
  type RedisSource,
} from './redis-connection.js';

export interface GuardedRedisOptions {
  /** A connection, which is left open, or a URL. */
  readonly redis: RedisSource;
  readonly clock: Clock;
  /** Milliseconds after which a command has failed. A number from 1 up. Default: 50. */
  readonly commandTimeoutMs?: number;
  /** Consecutive failures after which no commands are sent for a while. An integer from 1 up. Default: 5. */
  readonly failuresToOpen?: number;
  /** Milliseconds for which no commands are sent then. A number from 0 up. Default: 5,000. */
  readonly coolDownMs?: number;
  /** Called once when the connection is lost or cannot be made, and once when it is back. */
  readonly onReadyChange?: OnReadyChange | undefined;
  /** Called once when commands begin to fail several times in a row while Redis is connected, and once when one succeeds. */
  readonly onSlowChange?: OnSlowChange | undefined;
}

/** Told whether a Redis that is connected is slow or refuses commands, and else that it works again. */
export type OnSlowChange = (isSlow: boolean, reason?: string) => void;

/** Gauges and counters of a guarded Redis. */
export interface GuardedRedisStats {
  /** Whether a command would be sent now. */
  readonly isUsable: boolean;
  /** Commands sent that have no reply yet. */
  readonly inFlight: number;
  /** Commands sent. */
  readonly commands: number;
  /** Commands that Redis rejected, that were lost, or whose reply came too late. */
  readonly failures: number;
  /** Commands that were not sent, because Redis was not usable. */
  readonly skipped: number;
}

/**
 * A Redis that receives commands only while it works. Every command has a result within its timeout, and at once while
 * Redis is disconnected or failed several times in a row.
 */
export class GuardedRedis {
  readonly #connection: RedisConnection;
  readonly #breaker: CircuitBreaker;
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #counters = { commands: 0, failures: 0, skipped: 0 };
  #isClosed = false;

  /** Throws a RangeError for an option out of its range. */
  constructor({
    redis,
    clock,
    commandTimeoutMs = 50,
    failuresToOpen = 5,
    coolDownMs = 5000,
    onReadyChange,
    onSlowChange,
  }: GuardedRedisOptions) {
    checkNumber('commandTimeoutMs', commandTimeoutMs, 1);
    const onChange = (isOpen: boolean, error?: unknown) => onSlowChange?.(isOpen, slowReasonOf(error));
    this.#breaker = new CircuitBreaker({
      clock,
      failuresToOpen,
      coolDownMs,
      isFailure: () => true,
      onChange,
    });
    this.#connection = new RedisConnection(redis, commandTimeoutMs, clock, onReadyChange);
  }

  /** Whether a command would be sent now: Redis is connected and did not fail several times in a row just before. */
  get isUsable(): boolean {
    return !this.#isClosed && this.#connection.isReady && !this.#breaker.isOpen;
  }

  stats(): GuardedRedisStats {
    return { isUsable: this.isUsable, inFlight: this.#inFlight.size, ...this.#counters };
  }

  /** The reply to a command; undefined when it failed or was not sent. Never rejects. */
  async run<Reply>(command: (redis: RedisClient) => Promise<Reply>): Promise<Reply | undefined> {
    if (!this.isUsable) {
      this.#counters.skipped += 1;
      return undefined;
    }
    this.#counters.commands += 1;
    const reply = this.#breaker.run(() => this.#connection.run(command));
    this.#inFlight.add(reply);
    try {
      return await reply;
    } catch {
      this.#counters.failures += 1;
      return undefined;
    } finally {
      this.#inFlight.delete(reply);
    }
  }

  /** Waits for commands in flight, then ends the connection if it was made here. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#inFlight);
    this.#connection.close();
  }
}

/** The code of a refusal, such as OOM; any other failure is a reply that did not come. */
function slowReasonOf(error: unknown): string | undefined {
  return error instanceof Error ? (/^[A-Z]{2,}\b/.exec(error.message)?.[0] ?? 'no reply in time') : undefined;
}
