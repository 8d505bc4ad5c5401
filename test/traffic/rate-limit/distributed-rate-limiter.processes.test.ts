import { setTimeout as sleep } from 'node:timers/promises';
import { assertWithinRate } from '../../support/assert-within-rate.js';
import { ReplicaGroup } from '../../support/replica-group.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';

/*
 * Replicas in separate processes, which a manual clock cannot control. `npm run bench -- replicas` measures how much of the
 * rate they use and how soon.
 */

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

const ratePerSecond = 10;
const timeLimitMs = 120_000;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

/** Resolves when so many more calls have arrived. */
async function calls(group: ReplicaGroup, count: number): Promise<void> {
  const before = group.startsMs.length;
  await until(() => group.startsMs.length >= before + count);
}

function assertNeverAboveRate({ startsMs }: ReplicaGroup): void {
  assertWithinRate(
    [...startsMs].sort((one, other) => one - other),
    ratePerSecond,
  );
}

describeWithRedis('replicas with a constant backlog', () => {
  let redis: TestRedis;

  beforeEach(async () => {
    redis = await TestRedis.start(program ?? '');
  });

  afterEach(async () => {
    redis.thaw();
    await redis[Symbol.asyncDispose]();
  });

  /** On a busy machine, a Redis that answers late must not count as one that does not answer. */
  const start = (replicas: number) =>
    ReplicaGroup.start(replicas, { redis: redis.url, ratePerSecond, callers: 20, commandTimeoutMs: 500 });

  test.each([1, 3])(
    'never start more calls than the rate in any sliding second: %i of them',
    async (replicas) => {
      await using group = await start(replicas);
      await calls(group, 30);
      assertNeverAboveRate(group);
      expect(group.modes).toEqual(Array(replicas).fill(['shared']));
    },
    timeLimitMs,
  );

  test(
    'go on with their parts of the rate while Redis is dead, and share it again when Redis is back, empty',
    async () => {
      await using group = await start(3);
      await calls(group, 10);
      await redis.kill();
      await until(() => group.isEvery('local'));
      await calls(group, 20);
      await redis.start();
      await until(() => group.isEvery('shared'));
      await calls(group, 20);
      expect(group.modes).toEqual(Array(3).fill(['shared', 'local', 'shared']));
    },
    timeLimitMs,
  );

  test(
    'go on with their parts of the rate while Redis is stopped, and share it again when Redis continues',
    async () => {
      await using group = await start(3);
      await calls(group, 10);
      redis.freeze();
      await until(() => group.isEvery('local'));
      await calls(group, 20);
      redis.thaw();
      await until(() => group.isEvery('shared'));
      await calls(group, 20);
      expect(group.modes).toEqual(Array(3).fill(['shared', 'local', 'shared']));
    },
    timeLimitMs,
  );

  test(
    'use the tokens of a replica that was killed',
    async () => {
      await using group = await start(2);
      await calls(group, 20);
      group.kill(0);
      await calls(group, 30);
      assertNeverAboveRate(group);
    },
    timeLimitMs,
  );

  test(
    'stay within the rate while a replica is killed and started again',
    async () => {
      await using group = await start(1);
      await calls(group, 20);
      group.restart(0);
      await calls(group, 40);
      assertNeverAboveRate(group);
      expect(group.modes).toEqual([['shared'], ['shared']]);
    },
    timeLimitMs,
  );
});
