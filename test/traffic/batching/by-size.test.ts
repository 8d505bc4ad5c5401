import fc from 'fast-check';
import { BySize } from '../../../src/traffic/batching/by-size.js';

test('the smallest is the one that has the least of all, and of equal ones the first to have it', () => {
  const bySize = new BySize<{ size: number; name: string }>();
  const [two, one, other] = ['two', 'one', 'other'].map((name) => ({ name, size: name === 'two' ? 2 : 1 }));
  for (const each of [two, one, other]) if (each) bySize.note(each, 0);
  expect(bySize.smallest).toBe(one);
});

test('without anything there is no smallest', () => {
  const bySize = new BySize<{ size: number }>();
  const thing = { size: 3 };
  bySize.note(thing, 0);
  thing.size = 0;
  bySize.note(thing, 3);
  expect(bySize.smallest).toBeUndefined();
});

test('whatever grows and shrinks, the smallest is as small as any', () => {
  const changes = fc.array(fc.record({ thing: fc.nat(9), size: fc.nat(12) }), { maxLength: 200 });
  const isFresh = fc.property(changes, (made) => {
    const bySize = new BySize<{ size: number }>();
    const things = Array.from({ length: 10 }, () => ({ size: 0 }));
    for (const { thing: index, size } of made) {
      const thing = things[index] ?? { size: 0 };
      const before = thing.size;
      thing.size = size;
      bySize.note(thing, before);
      const sizes = things.map((each) => each.size).filter((each) => each > 0);
      expect(bySize.smallest?.size).toBe(sizes.length > 0 ? Math.min(...sizes) : undefined);
    }
  });
  fc.assert(isFresh);
});
