import { Bulkhead } from '../../../src/traffic/resilience/bulkhead.js';
import { Gate } from '../../support/gate.js';

const door = (maxConcurrent: number, maxQueued: number) =>
  new Bulkhead({ maxConcurrent, maxQueued, refusal: 'Too many are here.' });

/** Comes to a door and stays inside until its gate is opened. */
function visitor(to: Bulkhead) {
  const gate = new Gate<string>();
  const visit = { gate, isInside: false, ended: Promise.resolve('') };
  visit.ended = to.run(() => {
    visit.isInside = true;
    return gate.opened;
  });
  visit.ended.catch(() => {});
  return visit;
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a few are let in at once, and the others in the order in which they came', async () => {
  const to = door(2, 10);
  const visitors = Array.from({ length: 4 }, () => visitor(to));
  const running = () => visitors.map(({ isInside }) => isInside);
  await settled();
  expect(running()).toEqual([true, true, false, false]);
  visitors[1]?.gate.open('left');
  await settled();
  expect(running()).toEqual([true, true, true, false]);
  visitors[0]?.gate.fail(new Error('failed'));
  await settled();
  expect(running()).toEqual([true, true, true, true]);
  expect(await visitors[1]?.ended).toBe('left');
  await expect(visitors[0]?.ended).rejects.toThrow('failed');
});

test('who comes when too many wait is turned away, and told when to come back', async () => {
  const to = door(1, 1);
  const [first, second, third] = [visitor(to), visitor(to), visitor(to)];
  await expect(third.ended).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: 'Too many are here.',
    retryAfterMs: 1000,
  });
  expect(third.isInside).toBe(false);
  first.gate.open('first');
  second.gate.open('second');
  expect(await Promise.all([first.ended, second.ended])).toEqual(['first', 'second']);
  const late = visitor(to);
  late.gate.open('late');
  expect(await late.ended).toBe('late');
});
