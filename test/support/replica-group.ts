import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RateLimiterMode } from '../../src/traffic/rate-limit/distributed-rate-limiter-options.js';

/** What a replica is to do. */
export interface Backlog {
  /** Where Redis listens. */
  readonly redis: string;
  readonly ratePerSecond: number;
  /** Milliseconds after which a command to Redis has failed. Default: the rate limiter's own. */
  readonly commandTimeoutMs?: number;
  /** Callers that wait at the same time. */
  readonly callers: number;
  /** Where the calls go. The path of each call is the moment at which it started. */
  readonly callUrl: string;
}

/** What a replica tells when its mode has changed. */
export interface ReplicaMessage {
  readonly mode: RateLimiterMode;
}

/** Milliseconds by the machine's clock, which all processes share. */
export function machineTimeMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Replicas in processes of their own with a constant backlog, and the server that their calls reach. */
export class ReplicaGroup implements AsyncDisposable {
  /** When each call started, in the order of arrival. */
  readonly startsMs: number[] = [];
  /** When each call arrived. */
  readonly arrivalsMs: number[] = [];
  /** The modes of each replica so far, oldest first. */
  readonly modes: RateLimiterMode[][] = [];
  readonly #server: Server;
  readonly #backlog: Backlog;
  readonly #children: ChildProcess[] = [];

  private constructor(server: Server, backlog: Backlog) {
    this.#server = server;
    this.#backlog = backlog;
    server.on('request', ({ url = '' }, response) => {
      this.arrivalsMs.push(machineTimeMs());
      this.startsMs.push(Number(url.slice(1)));
      response.end();
    });
  }

  static async start(count: number, backlog: Omit<Backlog, 'callUrl'>): Promise<ReplicaGroup> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const group = new ReplicaGroup(server, { ...backlog, callUrl: `http://127.0.0.1:${port}` });
    for (let each = 0; each < count; each += 1) group.#fork(group.#backlog);
    return group;
  }

  /** Whether every replica is in this mode now. */
  isEvery(mode: RateLimiterMode): boolean {
    return this.modes.every((modes) => modes.at(-1) === mode);
  }

  /** Ends a replica without notice. */
  kill(replica: number): void {
    this.#children[replica]?.kill('SIGKILL');
  }

  /** Ends a replica without notice, and starts another one in its place. */
  restart(replica: number): void {
    this.kill(replica);
    this.#fork(this.#backlog);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = running.map((child) => once(child, 'exit'));
    for (const child of running) child.send('stop');
    await Promise.all(ended);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #fork(backlog: Backlog): void {
    const file = new URL('rate-limiter-replica.ts', import.meta.url);
    const child = fork(file, [JSON.stringify(backlog)], { execArgv: ['--import', 'tsx'] });
    const modes: RateLimiterMode[] = ['shared'];
    child.on('message', ({ mode }: ReplicaMessage) => modes.push(mode));
    this.#children.push(child);
    this.modes.push(modes);
  }
}
