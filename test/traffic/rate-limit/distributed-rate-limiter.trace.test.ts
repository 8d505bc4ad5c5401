import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { type Granted, saturate } from '../../support/rate-limiter-replica.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';

/*
 * What no clock of ours can be turned for: the time of Redis, and several processes. So these take their time, and judge
 * nothing by it but the rule itself and how much of the rate was used.
 */

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const ratePerSecond = 10;
const replicas = 3;
const timeLimitMs = 60_000;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const byTime = (one: number, other: number) => one - other;

/** The part of the rate that was used between the first token and the last. */
function useOf(atMs: readonly number[]): number {
  const seconds = ((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / 1000;
  return (atMs.length - ratePerSecond) / seconds / ratePerSecond;
}

async function until(isFresh: () => boolean): Promise<void> {
  while (!isFresh()) await sleep(10);
}

describeWithRedis('three replicas that use all they are granted', () => {
  test(
    'keep the rate by the clock of Redis and by their own, and use it',
    async () => {
      await using redis = await TestRedis.start(program ?? '');
      const monitor = await redis.client.monitor();
      const bookedAtMs = new Map<string, number>();
      monitor.on('monitor', (seconds: string, [command, , field = '']: string[]) => {
        const isNew = command === 'HSET' && field.startsWith('grant:') && !bookedAtMs.has(field);
        if (isNew) bookedAtMs.set(field, Number(seconds) * 1000);
      });
      const usedAtMs: number[] = [];
      const options = { redis: redis.url, ratePerSecond };
      const rateLimiters = Array.from({ length: replicas }, () =>
        saturate(options, ({ atMs }) => usedAtMs.push(atMs)),
      );
      await until(() => usedAtMs.length > 0);
      await sleep(3300);
      for (const rateLimiter of rateLimiters) await rateLimiter.close();
      monitor.disconnect();

      assertWithinRate([...bookedAtMs.values()], ratePerSecond);
      assertWithinRate(usedAtMs, ratePerSecond);
      expect(bookedAtMs.size).toBeGreaterThanOrEqual(usedAtMs.length);
      expect(useOf(usedAtMs)).toBeGreaterThan(0.95);
    },
    timeLimitMs,
  );

  test(
    'in processes of their own keep it as well, also while Redis ends and when it is back',
    async () => {
      await using redis = await TestRedis.start(program ?? '');
      await using processes = new Processes(redis.url);

      await until(() => processes.have('shared', 1));
      await sleep(4000);
      const shared = processes.usedAtMs('shared');
      await redis.kill();
      // Two windows of what each may use by itself, and the beginning of a third.
      const share = Math.floor(ratePerSecond / replicas);
      await until(() => processes.have('alone', 2 * share + 1));
      await redis.start();
      const before = processes.granted.map(({ length }) => length);
      await until(() => processes.have('shared', 3, before));

      assertWithinRate(processes.usedAtMs(), ratePerSecond);
      expect(useOf(shared)).toBeGreaterThan(0.95);
      for (const each of processes.granted) {
        assertWithinRate(
          each.filter(({ phase }) => phase === 'alone').map(({ atMs }) => atMs),
          share,
        );
      }
    },
    timeLimitMs,
  );
});

/** Replicas, each a process. */
class Processes {
  readonly granted: Granted[][] = [];
  readonly #children: ChildProcess[] = [];

  constructor(redis: string) {
    for (let each = 0; each < replicas; each += 1) {
      const args = [redis, `${ratePerSecond}`];
      const child = fork('test/support/budget-replica.ts', args, { execArgv: ['--import', 'tsx'] });
      const granted: Granted[] = [];
      child.on('message', (message: Granted) => granted.push(message));
      this.#children.push(child);
      this.granted.push(granted);
    }
  }

  /** Whether each has been granted so many tokens by somebody, after those it had before. */
  have(phase: Granted['phase'], count: number, before: readonly number[] = []): boolean {
    return this.granted.every((granted, index) => {
      return granted.slice(before[index] ?? 0).filter((each) => each.phase === phase).length >= count;
    });
  }

  /** When tokens were used, by all of them. */
  usedAtMs(phase?: Granted['phase']): number[] {
    const granted = this.granted.flat().filter((each) => phase === undefined || each.phase === phase);
    return granted.map(({ atMs }) => atMs).sort(byTime);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#children.map((child) => once(child, 'exit'));
    for (const child of this.#children) child.send('stop');
    await Promise.all(ended);
  }
}
