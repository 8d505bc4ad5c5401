import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { RedisConnection, type RedisSource } from '../resilience/redis-connection.js';
import { askScript, pauseScript, useScript } from './redis-rate-window-scripts.js';

export interface RedisRateWindowOptions {
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
  readonly warmUpMs: number;
}

/** What the window answers a replica. */
export interface WindowState {
  /** The token granted, if one was; it names the grant when it is used or given back. */
  readonly grant: string | undefined;
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

interface Question {
  readonly isHere: boolean;
  readonly isWanted: boolean;
  readonly share: number;
  /** Moment by the server's clock after which the question is not meant any more. */
  readonly expiresAtMs: number;
}

/** The sliding window of all replicas, as one of them sees it. Every act is one atomic step in Redis. */
export class RedisRateWindow {
  readonly #options: RedisRateWindowOptions;
  readonly #connection: RedisConnection;
  readonly #replica = randomUUID();
  /** Number of the next grant. A question without an answer is asked again for the same one, so that none is booked twice. */
  #next = 0;
  /** Milliseconds by which the server's clock is ahead of ours, at most; unknown before the first answer. */
  #aheadMs = -Infinity;

  constructor(options: RedisRateWindowOptions) {
    this.#options = options;
    this.#connection = new RedisConnection(options.redis, options.commandTimeoutMs, options.clock);
  }

  /** Calls back whenever the connection has been made; returns a function that ends it. */
  onConnected(callback: () => void): () => void {
    this.#connection.redis.on('ready', callback);
    return () => void this.#connection.redis.off('ready', callback);
  }

  /** Whether Redis answers; does not count as being here. Answers with the share that is still kept for this replica. */
  async peek(share: number): Promise<number> {
    const answer = await this.#ask({ isHere: false, isWanted: false, share, expiresAtMs: 0 });
    return answer?.share ?? 0;
  }

  /**
   * Says that this replica is here, and asks for a token. Undefined when the question came too late and is to be asked
   * again; rejects when the answer did.
   * @param share what the replica would grant by itself if this were not answered
   */
  async ask(isWanted: boolean, share: number): Promise<WindowState | undefined> {
    const { clock, commandTimeoutMs } = this.#options;
    const untilMs = clock.now() + commandTimeoutMs;
    const expiresAtMs = Math.max(0, Math.floor(untilMs + this.#aheadMs));
    const answer = await this.#ask({ isHere: true, isWanted, share, expiresAtMs });
    if (clock.now() > untilMs) throw new Error('The answer lay unread for too long');
    if (answer?.grant !== undefined) this.#next += 1;
    return answer;
  }

  /** Says that a grant was heard of: its call begins from now on, unless it is given back. */
  heard(grant: string): void {
    this.#tell(useScript, `grant:${grant}`, this.#options.windowMs, 0);
  }

  /** Says that the call of a grant begins now. */
  started(grant: string): void {
    this.#tell(useScript, `grant:${grant}`, this.#options.windowMs, 1);
  }

  /** Takes back a grant whose call was not made. */
  release(grant: string): void {
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

  async #ask({ isHere, isWanted, share, expiresAtMs }: Question): Promise<WindowState | undefined> {
    const { ratePerSecond, windowMs, commandTimeoutMs, missingAfterMs, forgetAfterMs, warmUpMs } =
      this.#options;
    const grant = `${this.#replica}:${this.#next}`;
    const askedAtMs = this.#options.clock.now();
    const who = [this.#replica, grant, Number(isHere), Number(isWanted), share, expiresAtMs];
    const rule = [ratePerSecond, windowMs, commandTimeoutMs, missingAfterMs, forgetAfterMs, warmUpMs];
    const answer = await this.#run(askScript, ...who, ...rule);
    const [verdict, nowMs, waitMs, freesInMs, free, perWindow, newShare, replicas] = answer;
    this.#aheadMs = nowMs - askedAtMs;
    if (verdict < 0) return undefined;
    const granted = verdict === 1 ? grant : undefined;
    return { grant: granted, waitMs, freesInMs, free, perWindow, share: newShare, replicas };
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
