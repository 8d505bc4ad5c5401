/**
 * Replicas that share a rate of ten calls a second through Redis. Each is a process with a constant backlog. Every call
 * is an HTTP request to this process, which measures the rate by arrival. `npm run bench -- replicas`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { machineTimeMs, ReplicaGroup } from '../test/support/replica-group.js';
import { findService } from '../test/support/services.js';
import { TestRedis } from '../test/support/start-redis.js';
import { fixed, print, printTable } from './support/print.js';

const ratePerSecond = 10;
const measuredMs = 20_000;

export async function benchReplicas(): Promise<void> {
  const program = findService('redis-server');
  if (program === undefined) return;
  const most = ['most started in a second', 'most arrived'];
  const rows = [await steady(program, 1), await steady(program, 3)];
  printTable(['constant backlog', 'calls/s', 'of 10', ...most], rows);
  print();
  const outages = [
    await outage(program, 'killed, restarted empty after 3 s', async (redis) => {
      await redis.kill();
      await sleep(3000);
      await redis.start();
    }),
    await outage(program, 'stopped for 10 s', async (redis) => {
      redis.freeze();
      await sleep(10_000);
      redis.thaw();
    }),
    await outage(program, 'emptied', async (redis) => {
      await redis.client.flushall();
    }),
  ];
  const times = ['calls/s during it', 'shared again after', 'full rate after'];
  printTable(['three replicas, Redis is', ...times, ...most], outages);
}

async function steady(program: string, replicas: number): Promise<string[]> {
  await using redis = await TestRedis.start(program);
  await using group = await startGroup(redis, replicas);
  const fromMs = machineTimeMs();
  await sleep(measuredMs);
  const perSecond = rateOf(group.arrivalsMs.filter((atMs) => atMs >= fromMs));
  const used = `${fixed((perSecond / ratePerSecond) * 100)} %`;
  return [
    `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
    fixed(perSecond, 2),
    used,
    ...mostOf(group, fromMs),
  ];
}

async function outage(
  program: string,
  name: string,
  disturb: (redis: TestRedis) => Promise<void>,
): Promise<string[]> {
  await using redis = await TestRedis.start(program);
  await using group = await startGroup(redis, 3);
  const fromMs = machineTimeMs();
  await disturb(redis);
  const backMs = machineTimeMs();
  while (!group.isEvery('shared')) await sleep(5);
  const sharedMs = machineTimeMs();
  await sleep(10_000);
  const during = group.arrivalsMs.filter((atMs) => atMs >= fromMs && atMs < backMs);
  return [
    name,
    during.length > ratePerSecond ? fixed(rateOf(during), 2) : '',
    `${fixed(sharedMs - backMs, 0)} ms`,
    `${fixed(fullRateAtMs(group.arrivalsMs, backMs) - backMs, 0)} ms`,
    ...mostOf(group, fromMs),
  ];
}

/** Starts replicas and waits until they have used the rate for some seconds. */
async function startGroup(redis: TestRedis, count: number): Promise<ReplicaGroup> {
  const group = await ReplicaGroup.start(count, { redis: redis.url, ratePerSecond, callers: 20 });
  while (group.arrivalsMs.length < 5 * ratePerSecond) await sleep(50);
  return group;
}

/** Calls a second. Calls arrive in bursts of `ratePerSecond`; the last burst only marks the end of the interval. */
function rateOf(momentsMs: readonly number[]): number {
  const seconds = ((momentsMs.at(-1) ?? 0) - (momentsMs[0] ?? 0)) / 1000;
  return (momentsMs.length - ratePerSecond) / seconds;
}

/** The first moment after which the calls of five seconds use 95 % of the rate. */
function fullRateAtMs(arrivalsMs: readonly number[], fromMs: number): number {
  for (let atMs = fromMs; atMs < fromMs + 10_000; atMs += 10) {
    const calls = arrivalsMs.filter((each) => each >= atMs && each < atMs + 5000).length;
    if (calls >= 0.95 * 5 * ratePerSecond) return atMs;
  }
  return Infinity;
}

function mostOf({ startsMs, arrivalsMs }: ReplicaGroup, fromMs: number): string[] {
  return [startsMs, arrivalsMs].map((all) => `${mostInASecond(all.filter((atMs) => atMs >= fromMs))}`);
}

/** The most calls in any sliding second, its end not included. */
function mostInASecond(momentsMs: readonly number[]): number {
  const following = momentsMs.map(
    (fromMs) => momentsMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1000).length,
  );
  return Math.max(...following);
}
