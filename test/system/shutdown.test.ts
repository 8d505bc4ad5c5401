import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';

const lookups = 100;
const shutdownGraceMs = 3000;

/** A gateway whose Vonage takes one call a second, and a lookup each of so many requests. The first call is on its way. */
async function startWithQueue(clock: ManualClock) {
  const gateway = await startTestGateway({
    clock,
    config: { vonage: { ratePerSecond: 1 }, http: { shutdownGraceMs, shutdownDelayMs: 0 } },
  });
  const vonageAnswers = new Gate();
  gateway.simulator.faults.gate = () => vonageAnswers.opened;
  const answers: GraphqlAnswer[] = [];
  const asked = Array.from({ length: lookups }, async (_, id) => {
    answers.push(await gateway.ask(`{ record(id: "${id}", product: VERIFY_API) { vonageId } }`));
  });
  const { engine } = gateway;
  await until(async () => {
    await clock.tick();
    return engine.inFlight > 0 && engine.inFlight + engine.waiting === lookups;
  });
  // Two further calls of twenty ids can start within three seconds.
  const inTime = engine.inFlight + 40;
  return { gateway, vonageAnswers, answers, allAnswered: Promise.all(asked), inTime };
}

const refused = (answers: readonly GraphqlAnswer[]) =>
  answers.filter(({ errors }) => errors[0]?.extensions.code === 'SHUTTING_DOWN');

/** Lets time pass until the gateway has stopped. */
async function stopped(gateway: TestGateway, clock: ManualClock): Promise<void> {
  let isStopped = false;
  void gateway.stop().then(() => {
    isStopped = true;
  });
  await until(async () => {
    await clock.advance(100);
    return isStopped;
  });
}

test('what cannot be answered within the grace time is refused at once, and the rest is answered', async () => {
  const clock = new ManualClock();
  const { gateway, vonageAnswers, answers, allAnswered, inTime } = await startWithQueue(clock);
  void gateway.stop();
  // No time passes on the clock.
  await until(() => answers.length === lookups - inTime);
  expect(refused(answers)).toHaveLength(lookups - inTime);
  for (const { errors, status } of answers) {
    expect(status).toBe(200);
    expect(errors[0]?.extensions).toMatchObject({ code: 'SHUTTING_DOWN', retryAfterMs: 1000 });
  }

  vonageAnswers.open();
  await stopped(gateway, clock);
  await allAnswered;
  expect(refused(answers)).toHaveLength(lookups - inTime);
  expect(answers.filter(({ data, errors }) => data?.record === null && errors.length === 0)).toHaveLength(
    inTime,
  );
  await gateway[Symbol.asyncDispose]();
});

test('a Vonage that does not answer delays the stop by no more than the grace time, and every request is answered', async () => {
  const clock = new ManualClock();
  const { gateway, vonageAnswers, answers, allAnswered } = await startWithQueue(clock);
  const startedAtMs = clock.now();
  await stopped(gateway, clock);
  await allAnswered;
  expect(refused(answers)).toHaveLength(lookups);
  expect(clock.now() - startedAtMs).toBeGreaterThanOrEqual(shutdownGraceMs);
  vonageAnswers.open();
  await gateway[Symbol.asyncDispose]();
});

test('during the delay the gateway is not ready, serves as before, and tells clients to close their connections', async () => {
  const clock = new ManualClock();
  await using gateway = await startTestGateway({
    clock,
    config: { http: { shutdownDelayMs: 5000 }, admin: { port: 0 } },
  });
  void gateway.stop();
  for (const url of [gateway.url, gateway.adminUrl]) expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  const { status, data, headers } = await gateway.ask('{ __typename }');
  expect([status, data, headers.get('connection')]).toEqual([200, { __typename: 'Query' }, 'close']);
  await stopped(gateway, clock);
  await expect(fetch(`${gateway.url}/livez`)).rejects.toThrow('fetch failed');
});

test('thousands of connections that wait to be accepted are not reset', async () => {
  await using gateway = await startTestGateway();
  const { hostname, port } = new URL(gateway.url);
  const request = `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: 26\r\n\r\n{"query":"{ __typename }"}`;
  // The process of the gateway is this one, so it accepts none of them before it is told to stop.
  const answers = Array.from({ length: 1000 }, async () => {
    const socket = connect(Number(port), hostname);
    socket.write(request);
    return text(socket);
  });
  const stopping = gateway.stop();
  for (const answer of await Promise.all(answers))
    expect(answer).toMatch(/"data":\{"__typename"|"code":"SHUTTING_DOWN".*"retryAfterMs":1000/);
  await stopping;
});
