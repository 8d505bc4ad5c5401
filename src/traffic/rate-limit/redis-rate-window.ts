import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { causeOf, RedisConnection, type RedisSource } from '../resilience/redis-connection.js';
import { exchangeScript, replicaExpiryMs } from './redis-rate-window-script.js';

export interface RedisRateWindowOptions {
  readonly redis: RedisSource;
  /** The name of the window. When it changes, this replica takes its state along to the other window. */
  key(): string;
  readonly ratePerSecond: number;
  /** Milliseconds for which a started call uses its token. */
  readonly windowMs: number;
  readonly commandTimeoutMs: number;
  readonly clock: Clock;
}

/** All that a replica tells the others. */
export interface ReplicaState {
  /** Tokens whose calls have not started. */
  readonly held: number;
  /** Milliseconds until the token of each started call frees. */
  readonly freesInMs: readonly number[];
  /** Milliseconds for which all replicas pause. */
  readonly pauseMs: number;
  /** Milliseconds that calls of all replicas start apart; 0 without a refusal. */
  readonly spacingMs: number;
}

export interface WindowReply {
  /** Tokens granted. The replica holds as many of them as its next exchange tells; the others are free again. */
  readonly granted: number;
  /** Milliseconds until another token can be granted to this replica; 0 when one is free. */
  readonly waitMs: number;
  /** Tokens that this replica can expect in one window. */
  readonly perWindow: number;
  /** Running replicas, this one included. */
  readonly replicas: number;
}

/**
 * The sliding window that all replicas share in Redis. A replica tells its whole state each time and never a change of it,
 * so a message that is lost or late is made up for by the next one, and so is a Redis that lost its data.
 */
export class RedisRateWindow {
  readonly #options: RedisRateWindowOptions;
  readonly #connection: RedisConnection;
  readonly #replicaId = randomUUID();
  #connectionError = 'Redis is not connected';

  constructor(options: RedisRateWindowOptions) {
    this.#options = options;
    this.#connection = new RedisConnection(options.redis, options.commandTimeoutMs, options.clock);
    this.#connection.redis.on('error', this.#keepError);
  }

  /**
   * Tells the state of this replica and asks for `wanted` tokens. One exchange at a time. Rejects with the reason when
   * Redis is not connected, refuses, or does not reply in time.
   */
  async exchange(state: ReplicaState, wanted: number): Promise<WindowReply> {
    if (!this.#connection.isReady) throw new Error(this.#connectionError);
    const [granted, waitMs, perWindow, replicas] = await this.#run(state, wanted, replicaExpiryMs);
    return { granted, waitMs, perWindow, replicas };
  }

  /** Removes this replica and ends the connection. The tokens of started calls stay in use until they free. */
  async close(freesInMs: readonly number[]): Promise<void> {
    const left = { held: 0, freesInMs, pauseMs: 0, spacingMs: 0 };
    // Without Redis the replica expires by itself.
    if (this.#connection.isReady) await this.#run(left, 0, 0).catch(() => undefined);
    this.#connection.redis.off('error', this.#keepError);
    this.#connection.close();
  }

  #run(
    { held, freesInMs, pauseMs, spacingMs }: ReplicaState,
    wanted: number,
    expiryMs: number,
  ): Promise<Numbers> {
    const { key, ratePerSecond, windowMs } = this.#options;
    // Before the command, whose time is limited: the first name after a change of the secret takes a while to derive.
    const name = key();
    const own = [Math.ceil(pauseMs), Math.ceil(spacingMs), held, ...freesInMs];
    const args = [ratePerSecond, windowMs, expiryMs, wanted, ...own];
    return this.#connection.run(
      (redis) => redis.eval(exchangeScript, 1, name, this.#replicaId, ...args) as Promise<Numbers>,
    );
  }

  /** A refused command says only that there is no connection; this says why, such as a wrong password. */
  readonly #keepError = (error: Error): void => {
    this.#connectionError = causeOf(error).message;
  };
}

type Numbers = [number, number, number, number];
