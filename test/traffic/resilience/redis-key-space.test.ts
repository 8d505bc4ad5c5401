import fc from 'fast-check';
import { RedisKeySpace } from '../../../src/traffic/resilience/redis-key-space.js';

const of = (secret: string) => new RedisKeySpace(() => Buffer.from(secret));

test('replicas with the same secret use the same names and read each other’s values', () => {
  const [one, other] = [of('secret'), of('secret')];
  const name = one.nameOf('records', 'abcd1234');
  expect(other.nameOf('records', 'abcd1234')).toBe(name);
  expect(other.unseal(name, one.seal(name, 'value'))).toBe('value');
});

test('another secret, kind or text has another name', () => {
  const names = [
    of('secret').nameOf('quota:ids', 'ann'),
    of('secret').nameOf('quota:ids', 'bob'),
    of('secret').nameOf('quota:records', 'ann'),
    of('other').nameOf('quota:ids', 'ann'),
  ];
  expect(new Set(names).size).toBe(names.length);
});

test('a name shows its kind and nothing of what it is for', () => {
  expect(of('secret').nameOf('rate-limit', 'abcd1234')).toMatch(/^rate-limit:\{[\w-]{16}\}:[\w-]{43}$/);
  expect(of('secret').nameOf('records', 'abcd1234')).toMatch(/^records:[\w-]{43}$/);
});

test('the rate and the quotas of a key space carry one hash tag of a cluster, and its records carry none', () => {
  const tagsOf = (keySpace: RedisKeySpace) =>
    (['quota:ids', 'quota:records', 'rate-limit'] as const).flatMap((kind) =>
      ['ann', 'bob'].map((text) => /\{(.+?)\}/.exec(keySpace.nameOf(kind, text))?.[1]),
    );
  const [tag, ...others] = tagsOf(of('secret'));
  expect(tag).toMatch(/^[\w-]{16}$/);
  expect(new Set(others)).toEqual(new Set([tag]));
  expect(tagsOf(of('other'))).not.toContain(tag);
  expect(of('secret').nameOf('records', 'ann')).not.toContain('{');
});

test('a value is read under its own name only, and only as it was written', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, text, fc.nat(), (key, otherKey, value, position) => {
      const keySpace = of('secret');
      const name = keySpace.nameOf('records', key);
      const sealed = keySpace.seal(name, value);
      expect(keySpace.unseal(name, sealed)).toBe(value);
      const changed = Buffer.from(sealed);
      changed[position % changed.length] = (changed[position % changed.length] ?? 0) ^ 1;
      expect(keySpace.unseal(name, changed)).toBeUndefined();
      expect(keySpace.unseal(name, sealed.subarray(0, -1))).toBeUndefined();
      if (otherKey !== key)
        expect(keySpace.unseal(keySpace.nameOf('records', otherKey), sealed)).toBeUndefined();
    }),
  );
});

test('the slow derivation of a key runs once, and not before it is needed', () => {
  let derivations = 0;
  const keySpace = new RedisKeySpace(() => {
    derivations += 1;
    return Buffer.from('secret');
  });
  expect(derivations).toBe(0);
  for (let each = 0; each < 3; each += 1) keySpace.nameOf('records', 'key');
  expect(derivations).toBe(1);
});
