import { inSteps, nextTurn, resolvedInSteps } from '../src/event-loop.js';

const range = (length: number) => Array.from({ length }, (_, index) => index);
/** Resolves in the next round of the event loop. */
const round = () => new Promise<void>((resolve) => setImmediate(resolve));

test('of all the long work in the process one step runs in a round of the event loop', async () => {
  const steps: string[] = [];
  const work = async (name: string) => {
    for (let step = 0; step < 3; step += 1) {
      await nextTurn();
      steps.push(name);
    }
  };
  const works = Promise.all(['a', 'b', 'c'].map(work));
  const byRound: number[] = [];
  while (steps.length < 9) {
    await round();
    byRound.push(steps.length);
  }
  await works;
  expect(Math.max(...byRound.map((count, index) => count - (byRound[index - 1] ?? 0)))).toBe(1);
  expect(steps.join('')).toBe('abcabcabc');
});

test('a list is worked on a hundred items at a time, and a short one in one go', async () => {
  const sizes = async (length: number) => {
    const parts: number[] = [];
    for await (const part of inSteps(range(length))) parts.push(part.length);
    return parts;
  };
  expect(await sizes(250)).toEqual([100, 100, 50]);
  expect(await sizes(100)).toEqual([100]);
  expect(await sizes(0)).toEqual([]);
});

test('a list for GraphQL resolves a hundred items a round, in their order', async () => {
  const items = resolvedInSteps(range(350));
  expect(items.slice(0, 100)).toEqual(range(100));
  let resolved = 100;
  const counts = new Set<number>();
  for (const item of items.slice(100)) void Promise.resolve(item).then(() => (resolved += 1));
  while (resolved < 350) {
    await round();
    counts.add(resolved);
  }
  expect([...counts].every((count) => count % 100 === 0 || count === 350)).toBe(true);
  expect(await Promise.all(items)).toEqual(range(350));
});
