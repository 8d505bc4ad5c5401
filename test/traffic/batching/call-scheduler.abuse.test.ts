import { CallScheduler } from '../../../src/traffic/batching/call-scheduler.js';
import type { RateLimiter } from '../../../src/traffic/rate-limit/rate-limiter.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

const defect = new Error('a defect');
const freeBudget: RateLimiter = {
  ratePerSecond: 1,
  acquire: async () => {},
  started: () => undefined,
  release() {},
  pause() {},
  estimateMs: () => 0,
};

/** Work with one call to make. */
function call(send: () => void) {
  return { hasWork: () => false, isFull: () => false, send };
}

test('work that throws is not passed over in silence, and the next to come starts the queue again', async () => {
  const clock = new ManualClock();
  const scheduler = new CallScheduler(freeBudget, clock);
  const sent: string[] = [];
  const throwing = call(() => {
    throw defect;
  });
  for (const work of [throwing, call(() => sent.push('waiting'))]) scheduler.enqueue(work);
  await expect(clock.tick()).rejects.toBe(defect);
  scheduler.enqueue(call(() => sent.push('late')));
  await clock.tick();
  expect(sent).toEqual(['waiting', 'late']);
});

test('full work that throws before the macrotask ends keeps nothing from leaving when it does', async () => {
  const clock = new ManualClock();
  const scheduler = new CallScheduler(freeBudget, clock);
  const sent: string[] = [];
  const throwing = call(() => {
    throw defect;
  });
  for (const work of [{ ...throwing, isFull: () => true }, call(() => sent.push('waiting'))]) {
    scheduler.enqueue(work);
  }
  await settled();
  await expect(clock.tick()).rejects.toBe(defect);
  await clock.tick();
  expect(sent).toEqual(['waiting']);
});

test('a budget that fails is not passed over in silence, and is asked again when something comes', async () => {
  const clock = new ManualClock();
  let failing = true;
  const acquire = () => (failing ? Promise.reject(defect) : Promise.resolve());
  const scheduler = new CallScheduler({ ...freeBudget, acquire }, clock);
  const sent: string[] = [];
  void scheduler.acquireNext().then(() => sent.push('turn'));
  await expect(clock.tick()).rejects.toBe(defect);
  failing = false;
  scheduler.enqueue(call(() => sent.push('work')));
  await clock.tick();
  expect(sent).toEqual(['turn', 'work']);
});
