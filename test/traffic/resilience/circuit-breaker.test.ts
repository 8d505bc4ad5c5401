import { CircuitBreaker } from '../../../src/traffic/resilience/circuit-breaker.js';
import { Gate } from '../../support/gate.js';
import { ManualClock } from '../../support/manual-clock.js';

const unavailable = new Error('no response');
const rejected = new Error('bad request');
const coolDownMs = 5000;

function setUp() {
  const clock = new ManualClock(0);
  const breaker = new CircuitBreaker({ clock, isFailure: (error) => error === unavailable });
  const fail = (error = unavailable) =>
    breaker.run(() => Promise.reject(error)).catch((each: unknown) => each);
  const succeed = () => breaker.run(async () => 'rows').catch((each: unknown) => each);
  const open = async () => {
    for (let failures = 0; failures < 5; failures += 1) await fail();
  };
  return { clock, breaker, fail, succeed, open };
}

describe('closed', () => {
  test('makes calls and passes their outcomes on', async () => {
    const { breaker, fail, succeed } = setUp();
    expect(await succeed()).toBe('rows');
    expect(await fail()).toBe(unavailable);
    expect(() => breaker.refuseWhileOpen()).not.toThrow();
  });

  test('opens after five consecutive failures, not before', async () => {
    const { breaker, fail } = setUp();
    for (let failures = 0; failures < 4; failures += 1) await fail();
    expect(breaker.phase).toBe('closed');
    await fail();
    expect(breaker.phase).toBe('open');
  });

  test.each(['succeeds', 'is rejected'])('counts from 0 again after a call that %s', async (how) => {
    const { breaker, fail, succeed } = setUp();
    for (let failures = 0; failures < 4; failures += 1) await fail();
    await (how === 'succeeds' ? succeed() : fail(rejected));
    for (let failures = 0; failures < 4; failures += 1) await fail();
    expect(breaker.phase).toBe('closed');
  });
});

describe('open', () => {
  test('refuses calls at once, with the time to try again', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(2000);
    const error = { code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 3000 };
    expect(await succeed()).toMatchObject(error);
    expect(() => breaker.refuseWhileOpen()).toThrow(expect.objectContaining(error));
  });

  test('stays open for a cool-down after the last failure of a call in flight', async () => {
    const { clock, breaker, open } = setUp();
    const gate = new Gate();
    const late = breaker.run(() => gate.opened).catch((error: unknown) => error);
    await open();
    await clock.advance(2000);
    gate.fail(unavailable);
    expect(await late).toBe(unavailable);
    expect(() => breaker.refuseWhileOpen()).toThrow(expect.objectContaining({ retryAfterMs: coolDownMs }));
  });
});

describe('after the cool-down', () => {
  test('one trial call is made, and others are still refused', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    const gate = new Gate<string>();
    const trial = breaker.run(() => gate.opened);
    expect(breaker.phase).toBe('half-open');
    expect(await succeed()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: coolDownMs });
    gate.open('rows');
    expect(await trial).toBe('rows');
  });

  test('it closes when the trial call succeeds', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    expect(await succeed()).toBe('rows');
    expect(breaker.phase).toBe('closed');
  });

  test('it closes when the trial call is rejected, because the service works then', async () => {
    const { clock, breaker, fail, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    expect(await fail(rejected)).toBe(rejected);
    expect(breaker.phase).toBe('closed');
  });

  test('it stays open for another cool-down when the trial call fails', async () => {
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

  test('another trial call is made when the first one never ends', async () => {
    const { clock, breaker, succeed, open } = setUp();
    await open();
    await clock.advance(coolDownMs);
    void breaker.run(() => new Gate().opened);
    await clock.advance(coolDownMs);
    expect(await succeed()).toBe('rows');
    expect(breaker.phase).toBe('closed');
  });
});

test('the stats tell the phase, and count failures and refused calls', async () => {
  const { clock, breaker, fail, succeed, open } = setUp();
  await fail();
  expect(breaker.stats()).toEqual({ phase: 'closed', consecutiveFailures: 1, opened: 0, refused: 0 });
  await open();
  await succeed();
  expect(breaker.stats()).toEqual({ phase: 'open', consecutiveFailures: 0, opened: 1, refused: 2 });
  await clock.advance(coolDownMs);
  await succeed();
  expect(breaker.stats()).toEqual({ phase: 'closed', consecutiveFailures: 0, opened: 1, refused: 2 });
});

test.each([
  ['failuresToOpen', 0, 'an integer from 1 up'],
  ['failuresToOpen', Infinity, 'an integer from 1 up'],
  ['coolDownMs', -1, 'a finite number from 0 up'],
  ['coolDownMs', Number.NaN, 'a finite number from 0 up'],
])('refuses a `%s` of %p', (option, value, rule) => {
  const options = { clock: new ManualClock(), isFailure: () => true, [option]: value };
  expect(() => new CircuitBreaker(options)).toThrow(
    new RangeError(`Expected \`${option}\` to be ${rule}, got ${value}`),
  );
});
