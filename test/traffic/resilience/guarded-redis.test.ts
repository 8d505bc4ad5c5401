import { monotonicClock } from '../../../src/clock.js';
import { GuardedRedis } from '../../../src/traffic/resilience/guarded-redis.js';
import { findService } from '../../support/services.js';
import { TestRedis } from '../../support/start-redis.js';
import { until } from '../../support/until.js';

const program = findService('redis-server');
const describeWithRedis = program ? describe : describe.skip;

describeWithRedis('a Redis that is connected and of no use', () => {
  async function startGuarded(redis: TestRedis) {
    const changes: [boolean, string | undefined][] = [];
    const guarded = new GuardedRedis({
      ...{
        redis: redis.client,
        clock: monotonicClock,
        commandTimeoutMs: 200,
        failuresToOpen: 2,
        coolDownMs: 0,
      },
      onSlowChange: (isSlow, reason) => void changes.push([isSlow, reason]),
    });
    await until(() => guarded.isUsable);
    return { guarded, changes };
  }

  test('because it is slow is told once, and once when it replies in time again', async () => {
    await using redis = await TestRedis.start(program ?? '');
    const { guarded, changes } = await startGuarded(redis);
    redis.freeze();
    for (let command = 0; command < 4; command += 1) await guarded.run((each) => each.ping());
    expect(changes).toEqual([[true, 'no reply in time']]);
    redis.thaw();
    while ((await guarded.run((each) => each.ping())) === undefined);
    await guarded.run((each) => each.ping());
    expect(changes).toEqual([
      [true, 'no reply in time'],
      [false, undefined],
    ]);
    await guarded.close();
  });

  test('because it refuses commands is told with the code of the refusal', async () => {
    await using redis = await TestRedis.startLimited(program ?? '', '1');
    const { guarded, changes } = await startGuarded(redis);
    for (let command = 0; command < 2; command += 1) await guarded.run((each) => each.set('key', 'value'));
    expect(changes).toEqual([[true, 'OOM']]);
    await guarded.close();
  });
});
