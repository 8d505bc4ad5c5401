import type { RecordEngine } from '../../src/retrieval/record-engine.js';
import { type EngineScope, RecordEngines } from '../../src/retrieval/record-engines.js';
import { Credentials } from '../../src/vonage/credentials.js';
import { ManualClock } from '../support/manual-clock.js';

const drainMs = 30_000;

/** Engines that do nothing but tell what they were made for, and whether they were closed. */
function enginesOf(pending = 1, inFlight = pending) {
  const clock = new ManualClock();
  const started: (EngineScope & { readonly engine: RecordEngine })[] = [];
  const closed: RecordEngine[] = [];
  const engines = new RecordEngines({
    clock,
    drainMs,
    start: (scope) => {
      const engine = { pending, inFlight, pendingPages: 0 } as RecordEngine;
      started.push({ ...scope, engine });
      return { engine, close: async () => void closed.push(engine) };
    },
  });
  return { clock, engines, started, closed };
}

const key = (name: string, secret = 'secret') => new Credentials(name, secret);
const accounts = (entries: Readonly<Record<string, Credentials>>, fallback?: Credentials) => ({
  accounts: new Map(Object.entries(entries)),
  fallback,
});

test('accounts of one key share an engine, and no two keys do', () => {
  const { engines, started } = enginesOf();
  const shared = key('key-1');
  engines.assign(accounts({ one: shared, two: shared, three: key('key-3') }));
  expect(engines.of('one')).toBe(engines.of('two'));
  expect(engines.of('one')).not.toBe(engines.of('three'));
  expect(started).toHaveLength(2);
  expect(new Set(started.map(({ name }) => name)).size).toBe(2);
});

test('an account that is not listed is asked for with the key for all others, where there is one', () => {
  const { engines } = enginesOf();
  engines.assign(accounts({ one: key('key-1') }, key('key-2')));
  expect(engines.of('anything')).not.toBe(engines.of('one'));
  engines.assign(accounts({ one: key('key-1') }));
  expect(() => engines.of('anything')).toThrow(/accountId .* no key/);
  expect(() => engines.of('__proto__')).toThrow(/accountId .* no key/);
});

test('the name of an engine leads to its credentials as they are now, until its key has gone', () => {
  const { engines, started } = enginesOf();
  engines.assign(accounts({ one: key('a/key', 'old') }, key('key-2')));
  engines.assign(accounts({ one: key('a/key', 'new') }, key('key-2')));
  const { name = '' } = started[0] ?? {};
  expect(name).not.toContain('/');
  expect(engines.credentialsOf(name)?.authorization).toBe(key('a/key', 'new').authorization);
  expect(engines.credentialsFor('one')).toBe(engines.credentialsOf(name));
  expect(engines.credentialsFor('any other')?.apiKey).toBe('key-2');
  engines.assign(accounts({}));
  expect([engines.credentialsOf(name), engines.credentialsFor('one')]).toEqual([undefined, undefined]);
});

describe('when keys change', () => {
  test('an engine goes on with the new secret of its key', () => {
    const { engines, started } = enginesOf();
    engines.assign(accounts({ one: key('key-1', 'old') }));
    const before = engines.of('one');
    engines.assign(accounts({ one: key('key-1', 'new') }));
    expect(engines.of('one')).toBe(before);
    expect(started[0]?.credentials().authorization).toBe(key('key-1', 'new').authorization);
  });

  test('the same secret read again is no change', () => {
    const { engines, started } = enginesOf();
    engines.assign(accounts({ one: key('key-1') }));
    const before = started[0]?.credentials();
    engines.assign(accounts({ one: key('key-1') }));
    expect(started[0]?.credentials()).toBe(before);
  });

  test('an engine whose key has gone is asked no more, and ends when its last answers are due', async () => {
    const { engines, started, closed, clock } = enginesOf();
    engines.assign(accounts({ one: key('key-1') }));
    engines.assign(accounts({ one: key('key-2') }));
    expect(engines.of('one')).toBe(started[1]?.engine);
    await clock.advance(drainMs - 1);
    expect(closed).toEqual([]);
    await clock.advance(1);
    expect(closed).toEqual([started[0]?.engine]);
  });
});

test('an engine without waiting callers closes at once', () => {
  const { engines, started, closed } = enginesOf(0);
  engines.assign(accounts({ one: key('key-1') }));
  engines.assign(accounts({}));
  expect(closed).toEqual([started[0]?.engine]);
});

test('an engine with a call in flight closes after it, even without waiting callers, because the call is billed', async () => {
  const { engines, started, closed, clock } = enginesOf(0, 1);
  engines.assign(accounts({ one: key('key-1') }));
  engines.assign(accounts({}));
  expect(closed).toEqual([]);
  await clock.advance(drainMs);
  expect(closed).toEqual([started[0]?.engine]);
});

describe('callers with keys of their own', () => {
  test('have an engine each, which the operator and the others do not share', () => {
    const { engines } = enginesOf();
    const operator = key('key-1');
    engines.assign(accounts({}, operator));
    const own = engines.ownOf('caller 1', key('key-1'));
    expect(own).toBe(engines.ownOf('caller 1', key('key-1')));
    expect(own).not.toBe(engines.ownOf('caller 2', key('key-1', 'another secret')));
    expect(own).not.toBe(engines.of('key-1'));
  });

  test('are bounded in number: the one that was idle longest goes first', async () => {
    const { engines, closed, clock } = enginesOf();
    const first = engines.ownOf('caller 0', key('key-0'));
    for (let index = 1; index <= 1000; index += 1) engines.ownOf(`caller ${index}`, key(`key-${index}`));
    await clock.advance(drainMs);
    expect(closed).toEqual([first]);
  });
});

test('closing ends every engine at once, those that are about to end among them', async () => {
  const { engines, started, closed } = enginesOf();
  engines.assign(accounts({ one: key('key-1'), two: key('key-2') }));
  engines.assign(accounts({ one: key('key-1') }));
  engines.ownOf('caller', key('key-3'));
  await engines.close();
  expect(new Set(closed)).toEqual(new Set(started.map(({ engine }) => engine)));
});
