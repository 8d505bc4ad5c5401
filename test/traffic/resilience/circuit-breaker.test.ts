import { CircuitBreaker } from '../../../src/traffic/resilience/circuit-breaker.js';
import { Gate } from '../../support/gate.js';
import { ManualClock } from '../../support/manual-clock.js';

const ill = new Error('no answer');
const wrong = new Error('refused as wrong');
const coolDownMs = 5000;

function setUp() {
  const clock = new ManualClock(0);
  const breaker = new CircuitBreaker({ clock, isFailure: (error) => error === ill });
  const fail = (error = ill) => breaker.run(() => Promise.reject(error)).catch((each: unknown) => each);
  const succeed = () => breaker.run(async () => 'rows').catch((each: unknown) => each);
  const open = async () => {
    for (let failures = 0; failures < 5; failures += 1) await fail();
  };
  return { clock, breaker, fail, succeed, open };
}

describe('closed', () => {
  test('lets calls through and hands on how they end', async () => {
    const { breaker, fail, succeed } = setUp();
    expect(await succeed()).toBe('rows');
    expect(await fail()).toBe(ill);
    expect(() => breaker.refuseWhileOpen()).not.toThrow();
  });

  test('opens after five failures in a row, not before', async () => {
    const { breaker, fail } = setUp();
    for (let failures = 0; failures < 4; failures += 1) await fail();
    expect(breaker.phase).toBe('closed');
    await fail();
    expect(breaker.phase).toBe('open');
  });

  test.each(['succeed', 'fail wrongly'])('begins to count anew when one of them did %s', async (how) => {
    const { breaker, fail, succeed } = setUp();
    for (let failures = 0; failures < 4; failures += 1) await fail();
    await (how === 'succeed' ? succeed() : fail(wrong));
    for (let failures = 0; failures < 4; failures += 1) await fail();
    expect(breaker.phase).toBe('closed');
  });
});

describe('open', () => {
  test('refuses at once, calls nobody, and says when to try again', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(2000);
    const refusal = { code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 3000 };
    expect(await succeed()).toMatchObject(refusal);
    expect(() => breaker.refuseWhileOpen()).toThrow(expect.objectContaining(refusal));
  });

  test('stays open for a cool-down after the last failure of calls that were under way', async () => {
    const { clock, breaker, open } = setUp();
    const gate = new Gate();
    const late = breaker.run(() => gate.opened).catch((error: unknown) => error);
    await open();
    await clock.advance(2000);
    gate.fail(ill);
    expect(await late).toBe(ill);
    expect(() => breaker.refuseWhileOpen()).toThrow(expect.objectContaining({ retryAfterMs: coolDownMs }));
  });
});

describe('after the cool-down', () => {
  test('one call tries, and the others are still refused', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    const gate = new Gate<string>();
    const trying = breaker.run(() => gate.opened);
    expect(breaker.phase).toBe('probing');
    expect(await succeed()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: coolDownMs });
    gate.open('rows');
    expect(await trying).toBe('rows');
  });

  test('it closes when that call succeeds', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    expect(await succeed()).toBe('rows');
    expect(breaker.phase).toBe('closed');
  });

  test('it closes when that call was only wrong, as the other side is well then', async () => {
    const { clock, breaker, fail, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    expect(await fail(wrong)).toBe(wrong);
    expect(breaker.phase).toBe('closed');
  });

  test('it stays open for another cool-down when that call fails', async () => {
    const { clock, breaker, fail, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    await fail();
    expect(breaker.phase).toBe('open');
    await clock.advance(coolDownMs - 1);
    expect(() => breaker.refuseWhileOpen()).toThrow();
    await clock.advance(1);
    expect(() => breaker.refuseWhileOpen()).not.toThrow();
  });

  test('another call may try when the first one never ends', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    void breaker.run(() => new Gate().opened);
    await clock.advance(coolDownMs);
    expect(await succeed()).toBe('rows');
    expect(breaker.phase).toBe('closed');
  });
});
