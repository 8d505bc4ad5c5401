import { readableLine } from '../../src/logger.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const sms = (id: string) =>
  `query Private${id} { record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`;
const existing = '15000000E1F8B123';
const parsed = (log: readonly string[]) => log.map((line) => JSON.parse(line));
const above = (log: readonly string[], level: number) => parsed(log).filter((line) => line.level > level);

test('one line at info tells of each operation who asked, how it ended and what it cost', async () => {
  const log: string[] = [];
  const config = { cache: { maxBytes: 1_000_000 }, ...tokensFor({ billing: {} }) };
  await using gateway = await startTestGateway({ log, config });
  const headers = { ...authorizationOf('billing'), 'x-request-id': 'my-request' };
  for (let times = 0; times < 3; times += 1) await gateway.ask(sms(existing), {}, headers);
  const line = {
    level: 30,
    requestId: 'my-request',
    caller: 'billing',
    operation: 'other',
    outcome: 'ok',
    ids: 1,
  };
  expect(parsed(log)).toMatchObject([
    { ...line, calls: 1, recordsBilled: 1, ms: expect.any(Number) },
    { ...line, calls: 0, recordsBilled: 0 },
    // From the response cache.
    { ...line, calls: 0, recordsBilled: 0 },
  ]);
  expect(log.join()).not.toContain(existing);
  expect(log.join()).not.toContain('Private');
});

test('refused credentials are one warning, and accepted ones another', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log });
  const reload = (apiSecret: string) => gateway.reload({ vonage: { apiSecret } });
  reload('a wrong secret');
  for (const id of ['a', 'b', 'c']) await gateway.ask(sms(id));
  reload('another wrong secret');
  await gateway.ask(sms('d'));
  gateway.reload({});
  for (const id of ['e', 'f']) await gateway.ask(sms(id));
  expect(above(log, 30)).toMatchObject([
    { level: 40, msg: expect.stringContaining('credentials refused'), accounts: ['abcd1234'], status: 401 },
    { level: 40, msg: expect.stringContaining('accepts the credentials again'), accounts: ['abcd1234'] },
  ]);
});

test('an open circuit breaker is one warning, and each failed call a line at debug without ids', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log });
  gateway.simulator.faults.plan({ kind: 'status', status: 500 });
  for (let index = 0; index < 8; index += 1) await gateway.ask(sms(`secretid${index}`));
  expect(above(log, 30)).toMatchObject([
    { level: 40, msg: expect.stringContaining('circuit breaker open'), status: 500 },
  ]);
  const failed = parsed(log).filter(({ msg }) => msg === 'a call to Vonage failed');
  expect(failed.length).toBeGreaterThanOrEqual(5);
  expect(failed[0]).toMatchObject({
    level: 20,
    account: 'abcd1234',
    product: 'SMS',
    outcome: '5xx',
    status: 500,
    ids: 1,
  });
  expect(log.join()).not.toContain('secretid');
});

test('429 responses are one warning for each pause, and not one for each response', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  await using gateway = await startTestGateway({ log, clock });
  gateway.simulator.faults.plan({ kind: 'status', status: 429, retryAfter: '1' }, 3);
  const asked = ['VERIFY_API', 'VERIFY_V2', 'VIDEO_API'].map((product) =>
    gateway.ask(`{ record(id: "a", product: ${product}) { id } }`),
  );
  const refused = () => parsed(log).filter(({ outcome }) => outcome === '429');
  await until(async () => {
    await clock.tick();
    return refused().length === 3;
  });
  await until(async () => {
    await clock.advance(500);
    return gateway.simulator.log.calls.length === 6;
  });
  await Promise.all(asked);
  expect(above(log, 30)).toMatchObject([{ msg: expect.stringContaining('status 429'), pauseMs: 1000 }]);
});

test('an account that only a caller named is not logged', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log });
  await gateway.ask(
    '{ record(id: "a", product: SMS, direction: OUTBOUND, accountId: "447700900123") { vonageId } }',
  );
  gateway.simulator.faults.plan({ kind: 'status', status: 403 });
  await gateway.ask(
    '{ record(id: "b", product: SMS, direction: OUTBOUND, accountId: "447700900123") { vonageId } }',
  );
  expect(log.join()).toContain('"account":"other"');
  expect(log.join()).not.toContain('447700900123');
});

test('the check of the credentials at start makes one call that bills nothing', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log });
  await gateway.checkCredentials();
  expect(gateway.simulator.log.calls).toMatchObject([{ product: 'REPORTS-USAGE' }]);
  expect(gateway.engine.recordsBilled).toBe(0);
  expect(parsed(log)).toMatchObject([{ level: 30, msg: 'Vonage accepts the credentials' }]);
});

test('a developer gets readable lines', () => {
  const line = JSON.stringify({
    level: 40,
    time: 0,
    pid: 1,
    hostname: 'h',
    msg: 'paused',
    ms: 5,
    why: 'two words',
  });
  expect(readableLine(line)).toBe('00:00:00.000 WARN  paused ms=5 why="two words"\n');
});
