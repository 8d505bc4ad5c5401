import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { RedisConnection, type RedisSource } from './redis-connection.js';
import { askScript, pauseScript, usedScript } from './redis-window-scripts.js';

export interface RedisWindowOptions {
  readonly redis: RedisSource;
  readonly key: string;
  readonly ratePerSecond: number;
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  /** Milliseconds for which a token is used up by a call. */
  readonly windowMs: number;
  /** Milliseconds after which a silent replica may be granting its share by itself. */
  readonly missingAfterMs: number;
  /** Milliseconds after which it is believed to have ended. */
  readonly forgetAfterMs: number;
  /** Milliseconds for which a window that is new grants nothing. */
  readonly coldMs: number;
}

/** What the window answers a replica. */
export interface WindowAnswer {
  readonly isGranted: boolean;
  /** Milliseconds until a token may be granted; 0 when one is free. */
  readonly waitMs: number;
  /** Milliseconds until the next token that is used up frees. */
  readonly freesInMs: number;
  /** Tokens that are free. */
  readonly free: number;
  /** Tokens this replica may hope for in one window, given what the others use. */
  readonly perWindow: number;
  /** Calls a second that this replica may make when Redis does not answer. */
  readonly share: number;
  /** Replicas that use the window, this one included. */
  readonly replicas: number;
}

/** The sliding window of all replicas, as one of them sees it. Every act is one atomic step in Redis. */
export class RedisWindow {
  readonly #options: RedisWindowOptions;
  readonly #connection: RedisConnection;
  readonly #replica = randomUUID();
  /** Number of the next grant. A question without an answer is asked again for the same one, so that none is booked twice. */
  #next = 0;
  /** Milliseconds by which the server's clock is ahead of ours, at most; unknown before the first answer. */
  #aheadMs = -Infinity;

  constructor(options: RedisWindowOptions) {
    this.#options = options;
    this.#connection = new RedisConnection(options.redis, options.commandTimeoutMs, options.clock);
  }

  /** Calls back whenever the connection has been made; returns a function that ends it. */
  onConnected(callback: () => void): () => void {
    this.#connection.redis.on('ready', callback);
    return () => void this.#connection.redis.off('ready', callback);
  }

  /** Whether Redis answers; says nothing about this replica. */
  async peek(): Promise<void> {
    await this.#ask(false, 0, -Infinity);
  }

  /**
   * Says that this replica is here, and asks for a token. Rejects when the answer is too late to be used.
   * @param share what the replica believes to be its share; nothing, as long as it does not rely on it
   */
  async ask(isWanted: boolean, share: number): Promise<WindowAnswer> {
    const { clock, commandTimeoutMs } = this.#options;
    const askedAtMs = clock.now();
    const answer = await this.#ask(isWanted, share, askedAtMs + this.#aheadMs + commandTimeoutMs);
    if (clock.now() - askedAtMs > commandTimeoutMs) throw new Error('The answer lay unread for too long');
    return answer;
  }

  /** The latest token granted: as a handle, because later ones are granted before it is given back. */
  takeGrant(): string {
    const grant = `${this.#replica}:${this.#next}`;
    this.#next += 1;
    return grant;
  }

  /** Says that the call of a grant has begun. */
  used(grant: string): void {
    this.#tell(usedScript, `grant:${grant}`, this.#options.windowMs);
  }

  /** Takes back a grant whose call was not made. */
  giveBack(grant: string): void {
    const { key } = this.#options;
    this.#connection.run((redis) => redis.hdel(key, `grant:${grant}`)).catch(ignore);
  }

  /** Grants nothing to anybody for a while. */
  pause(durationMs: number): void {
    this.#tell(pauseScript, Math.ceil(durationMs));
  }

  /** Gives up this replica's place. What it was granted stays used up. */
  async leave(): Promise<void> {
    const { key } = this.#options;
    const fields = [`seen:${this.#replica}`, `share:${this.#replica}`];
    await this.#connection.run((redis) => redis.hdel(key, ...fields)).catch(ignore);
  }

  close(): void {
    this.#connection.close();
  }

  async #ask(isWanted: boolean, share: number, expiresAtMs: number): Promise<WindowAnswer> {
    const { ratePerSecond, windowMs, commandTimeoutMs, missingAfterMs, forgetAfterMs, coldMs, clock } =
      this.#options;
    const askedAtMs = clock.now();
    const [verdict, nowMs, waitMs, freesInMs, free, perWindow, newShare, replicas] = await this.#run(
      askScript,
      ...[this.#replica, `${this.#replica}:${this.#next}`, isWanted ? 1 : 0, share],
      Math.max(0, Math.floor(expiresAtMs)),
      ...[ratePerSecond, windowMs, commandTimeoutMs, missingAfterMs, forgetAfterMs, coldMs],
    );
    this.#aheadMs = nowMs - askedAtMs;
    return { isGranted: verdict === 1, waitMs, freesInMs, free, perWindow, share: newShare, replicas };
  }

  #tell(script: string, ...args: (string | number)[]): void {
    this.#run(script, ...args).catch(ignore);
  }

  /** The whole script each time: it is short, and Redis knows it by its text. */
  #run(script: string, ...args: (string | number)[]): Promise<Numbers> {
    const { key } = this.#options;
    return this.#connection.run((redis) => redis.eval(script, 1, key, ...args) as Promise<Numbers>);
  }
}

type Numbers = [number, number, number, number, number, number, number, number];

/** What is told and lost is made up for: a token frees later than it might, a pause is told again. */
function ignore(): void {}
