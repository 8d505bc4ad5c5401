import { Turns } from '../../src/http/turns.js';
import { ManualClock } from '../support/manual-clock.js';

/** Operations that keep the process busy for so long when they begin, and the order in which they and other tasks do. */
function setUp(busyMsOf: (operation: number) => number) {
  const clock = new ManualClock(0);
  const order: (number | 'task')[] = [];
  let busyMs = 0;
  const turns = new Turns({ now: () => clock.now() + busyMs, after: (ms, task) => clock.after(ms, task) });
  const begin = (operation: number) => {
    order.push(operation);
    busyMs += busyMsOf(operation);
  };
  const arrive = (first: number, count = 1) => {
    for (const operation of numbered(count, first)) {
      const turn = turns.take();
      if (turn) void turn.then(() => begin(operation));
      else begin(operation);
    }
  };
  return { clock, order, arrive };
}

function numbered(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

test('operations that come in one moment begin at once', () => {
  const { order, arrive } = setUp(() => 1);
  arrive(0, 100);
  expect(order).toEqual(numbered(100));
});

test('those that are too many begin later, in the order in which they came', async () => {
  const { clock, order, arrive } = setUp(() => 1);
  arrive(0, 1000);
  expect(order).toEqual(numbered(100));
  await clock.tick();
  expect(order).toEqual(numbered(1000));
  expect(clock.pending).toBe(0);
});

test('who comes while others wait comes after them', async () => {
  const { clock, order, arrive } = setUp(() => 60);
  arrive(0, 3);
  arrive(3);
  expect(order).toEqual([0, 1]);
  await clock.tick();
  expect(order).toEqual([0, 1, 2, 3]);
});

test('who comes when all have begun begins at once again', async () => {
  const { clock, order, arrive } = setUp(() => 60);
  arrive(0, 3);
  await clock.tick();
  arrive(3);
  expect(order).toEqual([0, 1, 2, 3]);
});

/** How many operations began between each two looks of somebody else who looks whenever it has a turn. */
async function betweenLooks(busyMsOf: (operation: number) => number, count: number): Promise<number[]> {
  const { clock, order, arrive } = setUp(busyMsOf);
  arrive(0, count);
  const look = () => {
    order.push('task');
    if (order.filter((each) => each !== 'task').length < count) clock.after(0, look);
  };
  clock.after(0, look);
  await clock.tick();
  return order
    .join(' ')
    .split('task')
    .map((each) => each.split(' ').filter(Boolean).length)
    .filter((begun) => begun > 0);
}

test.each([
  ['a hundred milliseconds of operations, and then ten at a time', () => 5, 26, [20, 2, 2, 2]],
  ['one operation, however long it takes', () => 5000, 4, [1, 1, 1, 1]],
  ['two hundred, however quick they are', (each: number) => (each === 0 ? 100 : 0), 451, [1, 200, 200, 50]],
])('nobody waits for more than %s', async (_what, busyMsOf, count, begun) => {
  expect(await betweenLooks(busyMsOf, count)).toEqual(begun);
});
