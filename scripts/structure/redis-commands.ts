import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { TestRedis } from '../../test/support/start-redis.js';
import { ObservedGateway } from './observed-gateway.js';
import type { SimulatorProcess } from './simulator-process.js';
import { type MissAndHit, SingleLookups } from './single-lookups.js';

const program = 'redis-server';
/** Shorter than the time between two heartbeats of a gateway, and many times longer than a lookup takes. */
const intervalMs = 150;
/** Longer than the time between two heartbeats. */
const heartbeatTimeoutMs = 500;
/** Odd, so that the median is a number that was counted. */
const rounds = 5;

/** Whether the machine has a Redis server to measure with. */
export function hasRedisServer(): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/**
 * Counts the commands that a gateway sends to Redis for one `record(id)`: those of an interval with the lookup, less
 * those of an idle interval. The median of several rounds leaves out what fell into an interval by chance.
 */
export async function measureRedisCommands(
  checkout: string,
  simulator: SimulatorProcess,
): Promise<MissAndHit<number>> {
  await using redis = await TestRedis.start(program);
  const commands = await SentCommands.watch(redis.client);
  await using gateway = await ObservedGateway.start(checkout, {
    ...simulator.environment,
    REDIS_URL: redis.url,
  });
  const lookups = await SingleLookups.warmUp(gateway, simulator.smsIds, intervalMs);
  const misses: number[] = [];
  const hits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const idle = await commands.countDuring(() => lookups.idle());
    misses.push((await commands.countDuring(() => lookups.miss())) - idle);
    hits.push((await commands.countDuring(() => lookups.hit())) - idle);
  }
  commands.close();
  return { miss: median(misses), hit: median(hits) };
}

/** The commands that clients send to a Redis server, without those that a script runs inside it. */
class SentCommands {
  readonly #monitor: Redis;
  #count = 0;

  private constructor(monitor: Redis) {
    this.#monitor = monitor;
    monitor.on('monitor', (_time: string, _arguments: string[], source: string) => {
      if (source !== 'lua') this.#count += 1;
    });
  }

  /** Must be called before any other client sends commands, which the client's parser would take for the reply. */
  static async watch(client: Redis): Promise<SentCommands> {
    return new SentCommands(await client.monitor());
  }

  /** Starts right after a heartbeat, if there is one, so that equally many of them fall into every interval. */
  async countDuring(action: () => Promise<unknown>): Promise<number> {
    await this.#nextCommand();
    this.#count = 0;
    await action();
    return this.#count;
  }

  close(): void {
    this.#monitor.disconnect();
  }

  async #nextCommand(): Promise<void> {
    const timeout = AbortSignal.timeout(heartbeatTimeoutMs);
    await once(this.#monitor, 'monitor', { signal: timeout }).catch(() => undefined);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
