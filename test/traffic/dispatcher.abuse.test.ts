import type { Budget } from '../../src/traffic/budget.js';
import { Dispatcher, type Work } from '../../src/traffic/dispatcher.js';
import { ManualClock } from '../support/manual-clock.js';

const defect = new Error('a defect');
const freeBudget: Budget = { ratePerSecond: 1, take: async () => {}, giveBack() {}, pause() {} };

/** What nobody caught while `act` ran. */
async function uncaughtDuring(act: () => Promise<void>): Promise<unknown[]> {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('unhandledRejection', note);
  await act();
  process.off('unhandledRejection', note);
  return uncaught;
}

test('work that throws is reported, and whoever comes next is sent', async () => {
  const clock = new ManualClock();
  const dispatcher = new Dispatcher(freeBudget, clock);
  const sent: string[] = [];
  const throwing: Work = {
    hasWork: () => true,
    send: () => {
      throw defect;
    },
  };
  const waiting: Work = { hasWork: () => false, send: () => void sent.push('waiting') };
  const late: Work = { hasWork: () => false, send: () => void sent.push('late') };
  const uncaught = await uncaughtDuring(async () => {
    for (const work of [throwing, waiting]) dispatcher.enqueue(work);
    await clock.tick();
    dispatcher.enqueue(late);
    await clock.tick();
  });
  expect(uncaught).toEqual([defect]);
  expect(sent).toEqual(['waiting', 'late']);
});

test('a budget that fails is reported, and asked again when something comes', async () => {
  const clock = new ManualClock();
  let failing = true;
  const take = () => (failing ? Promise.reject(defect) : Promise.resolve());
  const dispatcher = new Dispatcher({ ...freeBudget, take }, clock);
  const sent: string[] = [];
  const uncaught = await uncaughtDuring(async () => {
    void dispatcher.turn().then(() => sent.push('turn'));
    await clock.tick();
    failing = false;
    dispatcher.enqueue({ hasWork: () => false, send: () => void sent.push('work') });
    await clock.tick();
  });
  expect(uncaught).toEqual([defect]);
  expect(sent).toEqual(['turn', 'work']);
});
