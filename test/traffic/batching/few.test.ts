import fc from 'fast-check';
import { Few } from '../../../src/traffic/batching/few.js';

const members = ['a', 'b', 'c'].map((name) => ({ name }));

/** Adds, or deletes, one of the members. */
const steps = fc.array(fc.tuple(fc.constantFrom('add' as const, 'delete' as const), fc.nat({ max: 2 })));

test('is a set, whatever is put in and taken out', () => {
  const isFresh = fc.property(steps, (played) => {
    const few = new Few<object>();
    const set = new Set<object>();
    for (const [act, index] of played) {
      const member = members[index] as object;
      few[act](member);
      set[act](member);
      expect(few.size).toBe(set.size);
      expect(new Set(few)).toEqual(set);
      expect(members.map((each) => few.has(each))).toEqual(members.map((each) => set.has(each)));
    }
    few.clear();
    expect([few.size, [...few]]).toEqual([0, []]);
  });
  fc.assert(isFresh);
});

test.each([1, 3])('names every one of %i, also when each is taken out meanwhile', (count) => {
  const few = new Few<object>();
  for (const member of members.slice(0, count)) few.add(member);
  const named: object[] = [];
  for (const member of few) {
    few.delete(member);
    named.push(member);
  }
  expect(named).toEqual(members.slice(0, count));
  expect(few.size).toBe(0);
});
