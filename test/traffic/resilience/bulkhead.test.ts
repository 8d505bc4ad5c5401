import { Bulkhead } from '../../../src/traffic/resilience/bulkhead.js';
import { Gate } from '../../support/gate.js';

const bulkheadOf = (maxConcurrent: number, maxQueued: number) =>
  new Bulkhead({ maxConcurrent, maxQueued, overloadedMessage: 'Too many are here.' });

/** Runs a task that ends when its gate is opened. */
function startTask(bulkhead: Bulkhead) {
  const gate = new Gate<string>();
  const task = { gate, isRunning: false, ended: Promise.resolve('') };
  task.ended = bulkhead.run(() => {
    task.isRunning = true;
    return gate.opened;
  });
  task.ended.catch(() => {});
  return task;
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('runs a few tasks at once, and the others in the order in which they came', async () => {
  const bulkhead = bulkheadOf(2, 10);
  const tasks = Array.from({ length: 4 }, () => startTask(bulkhead));
  const running = () => tasks.map(({ isRunning }) => isRunning);
  await settled();
  expect(running()).toEqual([true, true, false, false]);
  tasks[1]?.gate.open('left');
  await settled();
  expect(running()).toEqual([true, true, true, false]);
  tasks[0]?.gate.fail(new Error('failed'));
  await settled();
  expect(running()).toEqual([true, true, true, true]);
  expect(await tasks[1]?.ended).toBe('left');
  await expect(tasks[0]?.ended).rejects.toThrow('failed');
});

test('rejects a task when the queue is full, with the time to try again', async () => {
  const bulkhead = bulkheadOf(1, 1);
  const [first, second, third] = [startTask(bulkhead), startTask(bulkhead), startTask(bulkhead)];
  await expect(third.ended).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: 'Too many are here.',
    retryAfterMs: 1000,
  });
  expect(third.isRunning).toBe(false);
  expect(bulkhead.stats()).toEqual({ running: 1, queued: 1, rejected: 1 });
  first.gate.open('first');
  second.gate.open('second');
  expect(await Promise.all([first.ended, second.ended])).toEqual(['first', 'second']);
  const late = startTask(bulkhead);
  late.gate.open('late');
  expect(await late.ended).toBe('late');
});

test.each([0, -1, 1.5, Number.NaN, Infinity])('refuses to run %p tasks at once', (maxConcurrent) => {
  expect(() => bulkheadOf(maxConcurrent, 1)).toThrow(
    new RangeError(`Expected \`maxConcurrent\` to be an integer from 1 up, got ${maxConcurrent}`),
  );
});

test.each([-1, 1.5, Number.NaN, Infinity])('refuses to queue %p tasks', (maxQueued) => {
  expect(() => bulkheadOf(1, maxQueued)).toThrow(
    new RangeError(`Expected \`maxQueued\` to be an integer from 0 up, got ${maxQueued}`),
  );
});
