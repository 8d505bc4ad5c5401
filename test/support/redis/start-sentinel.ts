import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { TestRedis } from '../start-redis.js';
import { until } from '../until.js';
import { freePorts } from './free-port.js';

/** A master, its replica, and a sentinel that makes the replica the master when the master is gone. */
export class TestRedisSentinel {
  readonly master: TestRedis;
  readonly replica: TestRedis;
  readonly url: string;
  readonly #sentinel: ChildProcess;
  readonly #folder: string;
  readonly #clients: Redis[] = [];

  private constructor(servers: readonly [TestRedis, TestRedis], sentinel: Sentinel) {
    [this.master, this.replica] = servers;
    this.url = `redis+sentinel://127.0.0.1:${sentinel.port}/records`;
    this.#sentinel = sentinel.process;
    this.#folder = sentinel.folder;
  }

  static async start(program: string): Promise<TestRedisSentinel> {
    const [masterPort = 0, replicaPort = 0, port = 0] = await freePorts(3);
    const master = await TestRedis.start(program, ...settings(masterPort));
    const replicaOf = ['--replicaof', `127.0.0.1 ${masterPort}`];
    const replica = await TestRedis.start(program, ...settings(replicaPort), ...replicaOf);
    await until(async () => (await replica.client.info('replication')).includes('master_link_status:up'));
    return new TestRedisSentinel([master, replica], await startSentinel(program, port, masterPort));
  }

  /** Kills the master; resolves with a connection to the new one. */
  async failOver(): Promise<Redis> {
    await this.master.kill();
    // The sentinel closes all connections to the new master once.
    const client = new Redis(this.replica.url, { retryStrategy: () => 20 }).on('error', () => {});
    await until(async () => (await client.info('replication').catch(() => '')).includes('role:master'));
    this.#clients.push(client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    const ended = once(this.#sentinel, 'exit');
    this.#sentinel.kill('SIGKILL');
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
    for (const server of [this.master, this.replica]) await server[Symbol.asyncDispose]();
  }
}

interface Sentinel {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly port: number;
}

function settings(port: number): string[] {
  return ['--bind', '127.0.0.1', '--port', `${port}`, '--repl-diskless-sync-delay', '0'];
}

async function startSentinel(program: string, port: number, masterPort: number): Promise<Sentinel> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const lines = [
    ...['bind 127.0.0.1', `port ${port}`, `dir ${folder}`],
    `sentinel monitor records 127.0.0.1 ${masterPort} 1`,
    'sentinel down-after-milliseconds records 500',
    'sentinel failover-timeout records 2000',
  ];
  await writeFile(file, lines.join('\n'));
  const process = spawn(program, [file, '--sentinel'], { stdio: 'ignore' });
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20 }).on('error', () => {});
  // A sentinel learns of the replica from the master, and can promote none before that.
  await until(async () => ((await client.call('SENTINEL', 'REPLICAS', 'records')) as unknown[]).length > 0);
  client.disconnect();
  return { process, folder, port };
}
