import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** A private Redis server without persistence, on a Unix socket in its own folder. */
export class TestRedis {
  /** Where it listens, also after a restart. */
  readonly url: string;
  readonly #program: string;
  readonly #folder: string;
  readonly #settings: readonly string[];
  #server: ChildProcess | undefined;
  #client: Redis | undefined;

  private constructor(program: string, folder: string, settings: readonly string[]) {
    this.#program = program;
    this.#folder = folder;
    this.#settings = settings;
    this.url = join(folder, 'redis.sock');
  }

  /** @param settings more of the server's own options, such as `--maxmemory 1mb` */
  static async start(program: string, ...settings: string[]): Promise<TestRedis> {
    const redis = new TestRedis(program, await mkdtemp(join(tmpdir(), 'redis-')), settings);
    await redis.start();
    return redis;
  }

  /** @param maxMemory how much it may store, such as `3mb`; then it refuses commands that need more */
  static startLimited(program: string, maxMemory: string): Promise<TestRedis> {
    return TestRedis.start(program, '--maxmemory', maxMemory, '--maxmemory-policy', 'noeviction');
  }

  /** A connection of the test itself; a new one after a restart. */
  get client(): Redis {
    this.#client ??= new Redis(this.url, { retryStrategy: () => null }).on('error', () => {});
    return this.#client;
  }

  /** Starts it, empty; resolves when it answers. */
  async start(): Promise<void> {
    const where = ['--port', '0', '--unixsocket', this.url, '--dir', this.#folder];
    const nothingKept = ['--save', '', '--appendonly', 'no'];
    this.#server = spawn(this.#program, [...where, ...nothingKept, ...this.#settings], { stdio: 'ignore' });
    while ((await this.client.ping().catch(() => '')) !== 'PONG') {
      this.#client = undefined;
      await sleep(5);
    }
  }

  /** Ends it at once, with all that it held. */
  async kill(): Promise<void> {
    this.#client?.disconnect();
    this.#client = undefined;
    if (!this.#server || this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const ended = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await ended;
  }

  /** Lets it hang: connections stay open and are not served. */
  freeze(): void {
    this.#server?.kill('SIGSTOP');
  }

  /** Lets it go on; it serves first what came while it hung. */
  thaw(): void {
    this.#server?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
