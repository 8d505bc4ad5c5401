import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication } from '../../src/http/authentication.js';
import { RequestDeadlines } from '../../src/http/endpoint/deadlines.js';
import { admissionHook, RequestScheduler } from '../../src/http/endpoint/request-scheduler.js';
import { Shutdown } from '../../src/http/shutdown.js';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawSocket, readAnswer, sendRaw } from '../support/raw-socket.js';
import { ServerSockets } from '../support/server-sockets.js';
import { startTestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

/** A scheduler of operations that keep the process busy when they start, and the order of operations and other tasks. */
function setUp(busyMsOf: (operation: number) => number, isBacklogged = () => false) {
  const clock = new ManualClock(0);
  const order: (number | 'task')[] = [];
  let busyMs = 0;
  const busyClock = { now: () => clock.now() + busyMs, setTimer: clock.setTimer.bind(clock) };
  const scheduler = new RequestScheduler(busyClock, isBacklogged);
  const start = (operation: number) => {
    order.push(operation);
    busyMs += busyMsOf(operation);
  };
  const arrive = (first: number, count = 1, caller = 'alice') => {
    for (const operation of numbered(count, first)) {
      if (!scheduler.admit(caller, () => start(operation))) start(operation);
    }
  };
  return { clock, order, arrive };
}

function numbered(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

test('operations of the first slice start at once', () => {
  const { order, arrive } = setUp(() => 1);
  arrive(0, 100);
  expect(order).toEqual(numbered(100));
});

test('operations beyond the first slice start later, in order of arrival', async () => {
  const { clock, order, arrive } = setUp(() => 1);
  arrive(0, 1000);
  expect(order).toEqual(numbered(100));
  await clock.tick();
  expect(order).toEqual(numbered(1000));
  expect(clock.pending).toBe(0);
});

test('an operation that arrives while others wait starts after them', async () => {
  const { clock, order, arrive } = setUp(() => 60);
  arrive(0, 3);
  arrive(3);
  expect(order).toEqual([0, 1]);
  await clock.tick();
  expect(order).toEqual([0, 1, 2, 3]);
});

test('callers start in round-robin order, so that no caller waits for all operations of another one', async () => {
  const { clock, order, arrive } = setUp(() => 50);
  arrive(0, 6);
  arrive(100, 2, 'bob');
  arrive(200, 3, 'carol');
  await clock.tick();
  expect(order).toEqual([0, 1, 2, 100, 200, 3, 101, 201, 4, 202, 5]);
});

test('operations start later once full calls wait for the rate limit, because they could only wait too', async () => {
  const started: number[] = [];
  const { clock, order, arrive } = setUp(
    (operation) => {
      started.push(operation);
      return 1;
    },
    () => started.length >= 30,
  );
  arrive(0, 100);
  expect(order).toEqual(numbered(30));
  await clock.tick();
  expect(order).toEqual(numbered(100));
});

test('a few operations start at once even while calls wait, so that a steady stream is not delayed', () => {
  const { order, arrive } = setUp(
    () => 1,
    () => true,
  );
  arrive(0, 20);
  expect(order).toEqual(numbered(2));
});

test('an operation that arrives when none waits starts at once again', async () => {
  const { clock, order, arrive } = setUp(() => 60);
  arrive(0, 3);
  await clock.tick();
  arrive(3);
  expect(order).toEqual([0, 1, 2, 3]);
});

/** How many operations start between two runs of another task that runs as often as the event loop allows. */
async function betweenTasks(
  busyMsOf: (operation: number) => number,
  count: number,
  isBacklogged = () => false,
): Promise<number[]> {
  const { clock, order, arrive } = setUp(busyMsOf, isBacklogged);
  arrive(0, count);
  const task = () => {
    order.push('task');
    if (order.filter((each) => each !== 'task').length < count) clock.setTimer(0, task);
  };
  clock.setTimer(0, task);
  await clock.tick();
  return order
    .join(' ')
    .split('task')
    .map((each) => each.split(' ').filter(Boolean).length)
    .filter((started) => started > 0);
}

test.each([
  ['100 ms of operations, and then 10 ms per slice', () => 5, 26, [20, 2, 2, 2]],
  ['one operation, however long it takes', () => 5000, 4, [1, 1, 1, 1]],
  [
    'fifty operations, however quick they are',
    (each: number) => (each === 0 ? 100 : 0),
    111,
    [1, 50, 50, 10],
  ],
])('another task waits for at most %s', async (_what, busyMsOf, count, started) => {
  expect(await betweenTasks(busyMsOf, count)).toEqual(started);
});

test('another task waits for at most 2 ms of operations while calls wait for the rate limit', async () => {
  expect(
    await betweenTasks(
      () => 1,
      6,
      () => true,
    ),
  ).toEqual([2, 2, 2]);
});

test('a request whose turn does not come is refused when its time is up, which runs from its arrival', async () => {
  const clock = new ManualClock(0);
  // A process that is so busy that no slice begins.
  const starved = {
    now: () => clock.now(),
    setTimer: (delayMs: number, callback: () => void) => clock.setTimer(delayMs || Infinity, callback),
  };
  const deadlines = new RequestDeadlines(starved, 30_000);
  const authentication = { senderOf: () => ({ principal: { name: 'alice' } }) } as unknown as Authentication;
  const options = { clock: starved, authentication, isBacklogged: () => false, shutdown: new Shutdown() };
  const admit = admissionHook(options, deadlines);
  const outcomes: unknown[] = [];
  const arrive = () => {
    const request = { raw: { socket: {} } } as FastifyRequest;
    deadlines.onRequest(request, undefined, () => {});
    admit(request, {} as FastifyReply, (error) => outcomes.push(error ?? 'started'));
  };
  arrive();
  await clock.advance(200);
  arrive();
  await clock.advance(29_999);
  expect(outcomes).toEqual(['started']);
  await clock.advance(1);
  expect(outcomes).toEqual(['started', expect.objectContaining({ code: 'OVERLOADED', retryAfterMs: 1000 })]);
});

/** A clock that adds the time for which the process has been busy. */
class BusyClock extends ManualClock {
  busyMs = 0;

  override now(): number {
    return super.now() + this.busyMs;
  }
}

test('an operation has the time that is left since its arrival, and is refused when none is', async () => {
  const clock = new BusyClock();
  await using gateway = await startTestGateway({ clock });
  const body = '{"query":"{ record(id: \\"x\\", product: VERIFY_API) { vonageId } }"}';
  const headers = `host: localhost\r\nconnection: close\r\ncontent-length: ${body.length}`;
  const head = `POST /graphql HTTP/1.1\r\n${headers}\r\ncontent-type: application/json\r\n\r\n`;
  using sockets = new ServerSockets(gateway.url);
  const [late, slow] = [await openRawSocket(gateway.url), await openRawSocket(gateway.url)];
  for (const { write } of [late, slow]) write(head);
  await until(() => sockets.open.length === 2);
  await until(async () => (await fetch(`${gateway.url}/livez`)).ok);

  const answered = new Gate();
  gateway.simulator.faults.gate = () => answered.opened;
  clock.busyMs = 25_000;
  slow.write(body);
  await until(async () => {
    await clock.tick();
    return gateway.engine.inFlight === 1;
  });
  await clock.advance(5000);
  const timedOut = readAnswer(await slow.ended);
  expect(timedOut.body).toContain('UPSTREAM_TIMEOUT');

  late.write(body);
  const refused = readAnswer(await late.ended);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(JSON.parse(refused.body).errors[0].extensions).toMatchObject({
    code: 'OVERLOADED',
    retryAfterMs: 1000,
  });
  expect(gateway.engine.calls).toBe(1);
  answered.open();
});

test('a busy gateway answers health probes, and looks nothing up for a client that has disconnected', async () => {
  const clock = new BusyClock();
  await using gateway = await startTestGateway({ clock });
  using sockets = new ServerSockets(gateway.url);
  const ask = async (id: string) => {
    const body = JSON.stringify({ query: `{ record(id: "${id}", product: VERIFY_API) { vonageId } }` });
    const raw = await openRawSocket(gateway.url);
    const headers = `host: localhost\r\nconnection: close\r\ncontent-length: ${body.length}`;
    raw.write(`POST /graphql HTTP/1.1\r\n${headers}\r\ncontent-type: application/json\r\n\r\n${body}`);
    return raw;
  };
  const probe = () =>
    sendRaw(gateway.url, 'GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  const first = await ask('first');
  await until(() => gateway.engine.waiting === 1);

  clock.busyMs = 100;
  const [waits, leaves] = [await ask('waits'), await ask('leaves')];
  for (let each = 0; each < 3; each += 1) expect((await probe()).status).toBe(200);
  expect(gateway.engine.waiting).toBe(1);
  leaves.socket.destroy();
  await until(() => sockets.open.length === 2);
  await until(async () => {
    await clock.tick();
    return sockets.open.length === 0;
  });
  for (const { ended } of [first, waits]) expect(readAnswer(await ended).status).toBe(200);
  expect(gateway.simulator.log.calls.flatMap(({ ids }) => ids)).toEqual(['first', 'waits']);
});
