import { CallScheduler } from '../../../src/traffic/batching/call-scheduler.js';
import type { RateLimiter } from '../../../src/traffic/rate-limit/rate-limiter.js';
import { ManualClock, settled } from '../../support/manual-clock.js';

const defect = new Error('a defect');
const freeRateLimiter: RateLimiter = {
  ratePerSecond: 1,
  acquire: async () => {},
  started: () => undefined,
  release() {},
  pause() {},
  estimateMs: () => 0,
};

/** A source with one call to make. */
function call(send: () => void) {
  return { hasWork: () => false, isFull: () => false, send };
}

test('a source that throws is reported, and the next one starts the queue again', async () => {
  const clock = new ManualClock();
  const scheduler = new CallScheduler(freeRateLimiter, clock);
  const sent: string[] = [];
  const throwing = call(() => {
    throw defect;
  });
  for (const source of [throwing, call(() => sent.push('waiting'))]) scheduler.enqueue(source);
  await expect(clock.tick()).rejects.toBe(defect);
  scheduler.enqueue(call(() => sent.push('late')));
  await clock.tick();
  expect(sent).toEqual(['waiting', 'late']);
});

test('a full source that throws before the macrotask ends does not hold back others when it ends', async () => {
  const clock = new ManualClock();
  const scheduler = new CallScheduler(freeRateLimiter, clock);
  const sent: string[] = [];
  const throwing = call(() => {
    throw defect;
  });
  for (const source of [{ ...throwing, isFull: () => true }, call(() => sent.push('waiting'))]) {
    scheduler.enqueue(source);
  }
  await settled();
  await expect(clock.tick()).rejects.toBe(defect);
  await clock.tick();
  expect(sent).toEqual(['waiting']);
});

test('a rate limiter that fails is reported, and is used again when the next source comes', async () => {
  const clock = new ManualClock();
  let failing = true;
  const acquire = () => (failing ? Promise.reject(defect) : Promise.resolve());
  const scheduler = new CallScheduler({ ...freeRateLimiter, acquire }, clock);
  const sent: string[] = [];
  void scheduler.acquireNext().then(() => sent.push('further call'));
  await expect(clock.tick()).rejects.toBe(defect);
  failing = false;
  scheduler.enqueue(call(() => sent.push('queued')));
  await clock.tick();
  expect(sent).toEqual(['further call', 'queued']);
});
