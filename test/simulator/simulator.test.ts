import { Direction, Product } from '../../src/catalogue/product.js';
import { unknownProduct, unprovisioned } from '../../src/simulator/problems.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { shapes } from '../records/record-shapes.js';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawSocket } from '../support/raw-socket.js';
import { ask, basic, get, nowMs, startSimulator } from './ask-simulator.js';

const sampleSms = { product: 'SMS', direction: 'outbound', id: '15000000E1F8B123' };
const verifications = [
  '7b1091b8-1a05-11eb-bad9-38f9d331493',
  '7b109636-1a05-11eb-bad9-38f9d3316493',
  '7b109a1e-1a05-11eb-bad9-38f9d3316493',
  '7b10a0c2-1a05-11eb-bad9-38f9d331649',
];

describe("the vendor's samples", () => {
  test('the SMS is answered value for value, envelope included', async () => {
    await using simulator = await startSimulator();
    const { status, headers, body } = await ask(simulator, sampleSms);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    const { request_id, ...envelope } = body;
    expect(request_id).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(envelope).toEqual({
      _links: {
        self: {
          href: 'https://api.nexmo.com/v2/reports/records?account_id=abcd1234&product=SMS&direction=outbound&id=15000000E1F8B123',
        },
      },
      request_status: 'SUCCESS',
      id: '15000000E1F8B123',
      received_at: '2026-01-06T12:00:00+0000',
      price: 0,
      currency: 'EUR',
      account_id: 'abcd1234',
      product: 'SMS',
      direction: 'outbound',
      include_message: false,
      items_count: 1,
      records: [
        {
          account_id: 'abcd1234',
          message_id: '15000000E1F8B123',
          client_ref: null,
          direction: 'outbound',
          from: 'Vonage APIs',
          to: '447700123456',
          network: '23410',
          network_name: 'Telefonica UK Limited',
          country: 'GB',
          country_name: 'United Kingdom',
          date_received: '2020-06-01T15:08:10+0000',
          date_finalized: '2020-06-01T15:08:11+0000',
          latency: '1366',
          status: 'delivered',
          error_code: '0',
          error_code_description: 'Delivered',
          currency: 'EUR',
          total_price: '0.03330000',
        },
      ],
    });
  });

  test('of the four verifications two are found, and two are named as missing, in the order of the sample', async () => {
    await using simulator = await startSimulator();
    const { status, body } = await ask(simulator, { product: 'VERIFY-API', id: verifications.join(',') });
    expect([status, body.request_status, body.items_count]).toEqual([200, 'SUCCESS', 2]);
    expect(body.ids_not_found).toBe(
      '7b10a0c2-1a05-11eb-bad9-38f9d331649,7b1091b8-1a05-11eb-bad9-38f9d331493',
    );
    expect(body.records.map((row) => row.request_id).toSorted()).toEqual(verifications.slice(1, 3));
  });

  test('are not found under the other direction, or under another product', async () => {
    await using simulator = await startSimulator();
    const inbound = await ask(simulator, { ...sampleSms, direction: 'inbound' });
    const messages = await ask(simulator, { ...sampleSms, product: 'MESSAGES' });
    for (const { body } of [inbound, messages]) {
      expect([body.records, body.ids_not_found, body.items_count]).toEqual([[], '15000000E1F8B123', 0]);
    }
  });
});

describe('a lookup by ids', () => {
  test('names no missing ids when there are none', async () => {
    await using simulator = await startSimulator();
    const { body } = await ask(simulator, { product: 'VERIFY-API', id: verifications.slice(1, 3).join(',') });
    expect(body.items_count).toBe(2);
    expect(body).not.toHaveProperty('ids_not_found');
  });

  test('answers in another order than it was asked in', async () => {
    await using simulator = await startSimulator();
    const ids = simulator.dataset.ids(Product.NUMBER_INSIGHT).slice(0, 5);
    const { body } = await ask(simulator, { product: 'NUMBER-INSIGHT', id: ids.join(',') });
    const responded = body.records.map((row) => row.request_id);
    expect(responded.toSorted()).toEqual(ids.toSorted());
    expect(responded).not.toEqual(ids);
  });

  test('returns and bills a row once, however often and by whichever of its ids it is asked for', async () => {
    await using simulator = await startSimulator();
    const [row] = simulator.dataset.list(Product.VOICE_CALL, null);
    const id = [row?.call_id, row?.id, row?.call_id].join(',');
    const { body } = await ask(simulator, { product: 'VOICE-CALL', id });
    expect(body.records).toEqual([row]);
    expect(simulator.log.billedRows).toBe(1);
  });

  test('ignores the case of hex ids, and of no others', async () => {
    await using simulator = await startSimulator();
    const row = { account_id: 'abcd1234', id: 'CON-Ab' };
    simulator.dataset.add({ product: Product.CONVERSATION_EVENT, direction: null, row });
    expect((await ask(simulator, { ...sampleSms, id: '15000000e1f8b123' })).body.items_count).toBe(1);
    expect((await ask(simulator, { product: 'CONVERSATION-EVENT', id: 'CON-Ab' })).body.items_count).toBe(1);
    expect((await ask(simulator, { product: 'CONVERSATION-EVENT', id: 'con-ab' })).body.items_count).toBe(0);
  });

  test('overlooks spaces and empty entries', async () => {
    await using simulator = await startSimulator();
    const { body } = await ask(simulator, { ...sampleSms, id: ' 15000000E1F8B123 ,, unknown,' });
    expect([body.items_count, body.ids_not_found]).toEqual([1, 'unknown']);
  });

  test.each(Object.values(Product))('finds the rows of %s by their ids', async (product) => {
    await using simulator = await startSimulator({ refusedProducts: [] });
    for (const direction of ['SMS', 'MESSAGES'].includes(product) ? Object.values(Direction) : [null]) {
      const ids = simulator.dataset.ids(product, direction).slice(0, 20);
      expect(ids.length).toBeGreaterThan(0);
      const { status, body } = await ask(simulator, {
        product,
        id: ids.join(','),
        ...(direction && { direction }),
      });
      expect([status, body.ids_not_found]).toEqual([200, undefined]);
      expect(body.items_count).toBe(body.records.length);
      expect(body.items_count).toBeGreaterThanOrEqual(ids.length);
    }
  });
});

describe('a range of dates', () => {
  test('answers a thousand rows a page at the most, and says when there are more', async () => {
    await using simulator = await startSimulator({
      eventsPerType: 0,
      eventsOf: { [Product.NUMBER_INSIGHT]: 1001 },
    });
    const week = {
      product: 'NUMBER-INSIGHT',
      date_start: '2026-01-05T00:00:00Z',
      date_end: '2026-01-12T00:00:00Z',
    };
    const { body } = await ask(simulator, week);
    expect([body.request_status, body.items_count, body.records.length]).toEqual(['TRUNCATED', 1000, 1000]);
    const [last = ''] = simulator.dataset
      .list(Product.NUMBER_INSIGHT, null)
      .map((row) => row.date_received)
      .slice(-1);
    const all = await ask(simulator, { ...week, date_end: String(last) });
    expect([all.body.request_status, all.body.items_count]).toEqual(['SUCCESS', 1000]);
  });

  test('holds the rows of one direction where there are two', async () => {
    await using simulator = await startSimulator({ eventsPerType: 3 });
    for (const direction of Object.values(Direction)) {
      const { body } = await ask(simulator, { product: 'MESSAGES', direction });
      expect(body.records.map((row) => row.direction)).toEqual([direction, direction, direction]);
    }
  });

  test('echoes what was asked, and names no ids', async () => {
    await using simulator = await startSimulator();
    const { body } = await ask(simulator, { product: 'AMD' });
    expect(body).toMatchObject({ product: 'AMD', account_id: 'abcd1234', request_status: 'SUCCESS' });
    for (const name of ['id', 'direction', 'ids_not_found']) expect(body).not.toHaveProperty(name);
  });
});

describe('credentials', () => {
  test.each([
    ['none', null],
    ['a wrong secret', basic({ ...simulatorCredentials, apiSecret: 'simulator-Secret' })],
    ['a wrong key', basic({ ...simulatorCredentials, apiKey: 'zzzz9999' })],
    ['a secret that is too short', basic({ ...simulatorCredentials, apiSecret: '' })],
    ['another scheme', `Bearer ${btoa('abcd1234:simulator-secret')}`],
    ['plain text', 'abcd1234:simulator-secret'],
  ])('that are %s are not accepted', async (_, authorization) => {
    await using simulator = await startSimulator();
    const { status, headers, body } = await ask(simulator, sampleSms, authorization);
    expect(status).toBe(401);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      type: 'https://developer.nexmo.com/api-errors#unauthorized',
      title: 'Unauthorized',
    });
    expect([simulator.log.refused, simulator.log.calls]).toEqual([1, []]);
  });

  test('do not open another account: 403, without a type', async () => {
    await using simulator = await startSimulator();
    const { status, body } = await ask(simulator, { ...sampleSms, account_id: 'zzzz9999' });
    expect([status, body.title]).toEqual([403, 'Forbidden']);
    expect(body).not.toHaveProperty('type');
    expect(simulator.log.refused).toBe(1);
  });

  test('are asked for before parameters are judged', async () => {
    await using simulator = await startSimulator();
    expect((await ask(simulator, { product: 'FAX' }, null)).status).toBe(401);
  });
});

describe('the rate limit', () => {
  test('counts a call when it comes, although the answers to many others are being made', async () => {
    const answerMs = 20;
    let atMs = nowMs;
    const clock = { now: () => atMs, setTimer: () => () => undefined };
    await using simulator = await startSimulator({ clock });
    const head = `GET /v2/reports/records?account_id=abcd1234&product=SMS&direction=outbound&id=`;
    const tail = ` HTTP/1.1\r\nhost: simulator\r\nauthorization: ${basic(simulatorCredentials)}\r\nconnection: close\r\n\r\n`;
    const sockets = await Promise.all(Array.from({ length: 9 }, () => openRawSocket(simulator.url)));
    const [late, ...early] = sockets;
    // Every connection is accepted when an answer comes over a later one.
    await get(simulator, '');
    // To make an answer takes a while, and the late call comes during the first one.
    const edit = (body: unknown) => {
      if (atMs === nowMs) late?.write(`${head}late${tail}`);
      atMs += answerMs;
      return body;
    };
    simulator.faults.plan({ kind: 'edited', edit });
    for (const [index, { write }] of early.entries()) write(`${head}early-${index}${tail}`);
    await Promise.all(sockets.map(({ ended }) => ended));
    const arrivedAtMs = simulator.log.calls.find(({ ids }) => ids[0] === 'late')?.atMs ?? Number.NaN;
    expect(arrivedAtMs - nowMs).toBeLessThanOrEqual(2 * answerMs);
  });

  test('is ten calls in any second, whenever it begins', async () => {
    const clock = new ManualClock(nowMs);
    await using simulator = await startSimulator({ clock, ratePerSecond: 10 });
    const statuses = async (count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => ask(simulator, sampleSms)));
      return answers.map(({ status }) => status).toSorted();
    };
    const good = (count: number) => Array.from({ length: count }, () => 200);
    expect(await statuses(6)).toEqual(good(6));
    await clock.advance(600);
    expect(await statuses(5)).toEqual([...good(4), 429]);
    await clock.advance(399);
    expect(await statuses(1)).toEqual([429]);
    await clock.advance(1);
    expect(await statuses(7)).toEqual([...good(6), 429]);
    await clock.advance(600);
    expect(await statuses(5)).toEqual([...good(4), 429]);
    expect([simulator.log.calls.length, simulator.log.rateLimited, simulator.log.refused]).toEqual([
      20, 4, 0,
    ]);
  });

  test('is ten unless it is set', async () => {
    const clock = new ManualClock(nowMs);
    await using simulator = await Simulator.start({ shapes, clock });
    for (let call = 0; call < 10; call += 1) expect((await ask(simulator, sampleSms)).status).toBe(200);
    expect((await ask(simulator, sampleSms)).status).toBe(429);
  });

  test('is told by a problem with the headers that Vonage documents', async () => {
    const clock = new ManualClock(nowMs);
    await using simulator = await startSimulator({ clock, ratePerSecond: 1 });
    await ask(simulator, sampleSms);
    await clock.advance(300);
    const { status, headers, body } = await ask(simulator, sampleSms);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('x-ratelimit-limit')).toBe('1');
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
    expect(headers.get('x-ratelimit-reset')).toBe(String(nowMs + 1000));
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      type: 'https://developer.nexmo.com/api-errors/reports#rate-limit',
      title: 'Rate limit',
    });
  });

  test('counts calls with wrong parameters, and none with wrong credentials', async () => {
    await using simulator = await startSimulator({ ratePerSecond: 2 });
    await ask(simulator, sampleSms, null);
    await ask(simulator, sampleSms, null);
    expect((await ask(simulator, { product: 'FAX' })).status).toBe(422);
    expect((await ask(simulator, { product: 'FAX' })).status).toBe(422);
    expect((await ask(simulator, { product: 'FAX' })).status).toBe(429);
  });
});

test('every answer has an X-Request-Id of its own, good ones and refusals alike', async () => {
  await using simulator = await startSimulator({ ratePerSecond: 3 });
  simulator.faults.plan({ kind: 'status', status: 500 }, 1);
  const answers = [
    await ask(simulator, sampleSms),
    await ask(simulator, sampleSms),
    await ask(simulator, { product: 'FAX' }),
    await ask(simulator, sampleSms),
    await ask(simulator, sampleSms, null),
  ];
  expect(answers.map(({ status }) => status)).toEqual([500, 200, 422, 429, 401]);
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
});

describe('a fault on demand', () => {
  test('refuses one product as not provisioned, or as unknown, and no other', async () => {
    await using simulator = await startSimulator();
    simulator.faults.refuseProduct(Product.VIDEO_API, unprovisioned);
    simulator.faults.refuseProduct(Product.NUMBER_INSIGHT, unknownProduct(['SMS']));
    const video = await ask(simulator, { product: 'VIDEO-API', id: 'a' });
    expect([video.status, video.body.title]).toEqual([401, 'Unprovisioned']);
    expect(video.body.type).toMatch(/#unprovisioned$/);
    const insight = await ask(simulator, { product: 'NUMBER-INSIGHT', id: 'a' });
    expect([insight.status, insight.body.invalid_parameters]).toEqual([
      422,
      [{ name: 'product', reason: 'must be one of SMS' }],
    ]);
    expect((await ask(simulator, sampleSms)).status).toBe(200);
    expect(simulator.log.calls.map(({ status }) => status)).toEqual([401, 422, 200]);
  });

  test('cuts a page inside the rows of an id', async () => {
    await using simulator = await startSimulator();
    for (const text of ['one', 'two'])
      simulator.dataset.add({
        product: Product.ASR,
        direction: null,
        row: { account_id: 'abcd1234', call_id: 'call-a', id: text },
      });
    simulator.faults.maxPageRows = 1;
    const { body } = await ask(simulator, { product: 'ASR', id: 'call-a' });
    expect([body.request_status, body.items_count, body.records.length]).toEqual(['TRUNCATED', 1, 1]);
  });

  test('edits a good answer, such as rows without their own id, and bills what it sends', async () => {
    await using simulator = await startSimulator();
    simulator.faults.plan(
      {
        kind: 'edited',
        edit: (body) => ({
          ...body,
          records: [...body.records, ...body.records].map(({ id: _id, ...row }) => row),
        }),
      },
      1,
    );
    const { body } = await ask(simulator, sampleSms);
    expect(body.records.map((row) => row.message_id)).toEqual(['15000000E1F8B123', '15000000E1F8B123']);
    expect(simulator.log.billedRows).toBe(2);
  });

  test.each([500, 502, 503, 504])('%i is answered as a problem, and bills nothing', async (status) => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind: 'status', status }, 1);
    const answer = await ask(simulator, sampleSms);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.title).toBe(`Simulated ${status}`);
    expect(simulator.log.calls).toMatchObject([{ status, rows: 0, ids: ['15000000E1F8B123'] }]);
    expect((await ask(simulator, sampleSms)).status).toBe(200);
  });

  test.each([['7'], [undefined]])(
    '429 comes with the Retry-After that is asked for: %p',
    async (retryAfter) => {
      await using simulator = await startSimulator();
      simulator.faults.plan({ kind: 'status', status: 429, ...(retryAfter && { retryAfter }) });
      const { status, headers, body } = await ask(simulator, sampleSms);
      expect([status, headers.get('retry-after')]).toEqual([429, retryAfter ?? null]);
      expect(body.type).toMatch(/#rate-limit$/);
    },
  );

  test.each([
    ['reset', 'fetch failed'],
    ['truncated', 'terminated'],
  ] as const)('%s cuts the connection', async (kind, failure) => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind }, 1);
    await expect(ask(simulator, sampleSms)).rejects.toThrow(failure);
    expect(simulator.log.billedRows).toBe(0);
    expect((await ask(simulator, sampleSms)).status).toBe(200);
  });

  test('a truncated answer begins like a good one', async () => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind: 'truncated' });
    const response = await get(simulator, new URLSearchParams({ account_id: 'abcd1234', ...sampleSms }));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('a body is sent as it is', async () => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind: 'body', body: '<html>', contentType: 'text/html' }, 1);
    simulator.faults.plan({ kind: 'body', body: '{"records":' }, 1);
    const search = new URLSearchParams({ account_id: 'abcd1234', ...sampleSms });
    const [html, json] = [await get(simulator, search), await get(simulator, search)];
    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([
      200,
      'text/html',
      '<html>',
    ]);
    expect([json.status, await json.text()]).toEqual([200, '{"records":']);
  });

  test('a redirect leads where it is asked to', async () => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind: 'redirect', location: 'http://elsewhere.example/' });
    const response = await get(simulator, new URLSearchParams({ account_id: 'abcd1234', ...sampleSms }));
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://elsewhere.example/']);
  });

  test('strikes as often as planned, and only calls that it is meant for', async () => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind: 'status', status: 503 }, 2, ({ product }) => product === Product.SMS);
    const statuses = [];
    for (const query of [
      { product: 'ASR', id: 'a' },
      sampleSms,
      { product: 'ASR', id: 'a' },
      sampleSms,
      sampleSms,
    ]) {
      statuses.push((await ask(simulator, query)).status);
    }
    expect(statuses).toEqual([200, 503, 200, 503, 200]);
  });

  test('strikes every call without a number, until it is cleared', async () => {
    await using simulator = await startSimulator();
    simulator.faults.plan({ kind: 'status', status: 500 });
    for (let call = 0; call < 3; call += 1) expect((await ask(simulator, sampleSms)).status).toBe(500);
    simulator.faults.clear();
    expect((await ask(simulator, sampleSms)).status).toBe(200);
  });

  test('holds an answer back until its gate opens', async () => {
    await using simulator = await startSimulator();
    const [arrived, gate] = [new Gate<readonly string[] | null>(), new Gate()];
    simulator.faults.gate = ({ ids }) => {
      arrived.open(ids);
      return gate.opened;
    };
    const answer = ask(simulator, sampleSms);
    expect(await arrived.opened).toEqual(['15000000E1F8B123']);
    expect(simulator.log.calls).toEqual([]);
    gate.open();
    expect((await answer).body.items_count).toBe(1);
  });
});

describe('a poison id', () => {
  test('spoils every call that it is in, and no other', async () => {
    await using simulator = await startSimulator();
    simulator.faults.poisonIds.add('poison');
    const spoilt = await ask(simulator, { ...sampleSms, id: '15000000E1F8B123,poison' });
    expect([spoilt.status, spoilt.body]).toEqual([
      422,
      {
        title: 'Unprocessable entity',
        invalid_parameters: [{ name: 'id', reason: 'holds an id that cannot be read' }],
      },
    ]);
    expect((await ask(simulator, sampleSms)).status).toBe(200);
    expect(simulator.log.calls.map(({ status, rows }) => [status, rows])).toEqual([
      [422, 0],
      [200, 1],
    ]);
  });

  test('is harmless once the faults are cleared', async () => {
    await using simulator = await startSimulator();
    simulator.faults.poisonIds.add('15000000E1F8B123');
    simulator.faults.clear();
    expect((await ask(simulator, sampleSms)).status).toBe(200);
  });
});

describe('the counters', () => {
  test('say when each call came, what it asked, how it ended and what it cost', async () => {
    const clock = new ManualClock(nowMs);
    await using simulator = await startSimulator({ clock });
    await ask(simulator, {
      ...sampleSms,
      id: '15000000E1F8B123,unknown',
      include_message: 'true',
      show_concatenated: 'true',
    });
    await clock.advance(250);
    await ask(simulator, { product: 'VERIFY-API', id: verifications.join(',') });
    expect(simulator.log.calls).toEqual([
      {
        accountId: 'abcd1234',
        atMs: nowMs,
        product: 'SMS',
        direction: 'outbound',
        ids: ['15000000E1F8B123', 'unknown'],
        includeMessage: true,
        showConcatenated: true,
        parameters: {
          account_id: 'abcd1234',
          ...sampleSms,
          id: '15000000E1F8B123,unknown',
          include_message: 'true',
          show_concatenated: 'true',
        },
        status: 200,
        rows: 1,
      },
      {
        accountId: 'abcd1234',
        atMs: nowMs + 250,
        product: 'VERIFY-API',
        direction: null,
        ids: verifications,
        includeMessage: false,
        showConcatenated: false,
        parameters: { account_id: 'abcd1234', product: 'VERIFY-API', id: verifications.join(',') },
        status: 200,
        rows: 2,
      },
    ]);
    expect([simulator.log.billedRows, simulator.log.batchSizes]).toEqual([3, [2, 4]]);
  });

  test('can be read over HTTP', async () => {
    await using simulator = await startSimulator({ ratePerSecond: 3 });
    await ask(simulator, { product: 'VERIFY-API', id: verifications.join(',') });
    await ask(simulator, sampleSms);
    await ask(simulator, { product: 'FAX' });
    await ask(simulator, sampleSms);
    const costs = await (await fetch(`${simulator.url}/simulator/costs`)).json();
    expect(costs).toEqual({
      calls: 2,
      ids: 5,
      billedRows: 3,
      idsBilledTwice: 0,
      rowsBilledByDate: 0,
      rateLimited: 1,
      refused: 1,
    });
  });

  test('can be set back', async () => {
    await using simulator = await startSimulator({ ratePerSecond: 2 });
    await ask(simulator, sampleSms);
    await ask(simulator, sampleSms);
    await ask(simulator, sampleSms);
    await ask(simulator, sampleSms, null);
    simulator.log.clear();
    const { calls, rateLimited, refused, billedRows } = simulator.log;
    expect({ calls, rateLimited, refused, billedRows }).toEqual({
      calls: [],
      rateLimited: 0,
      refused: 0,
      billedRows: 0,
    });
  });
});

test('two simulators answer alike, byte for byte', async () => {
  await using one = await startSimulator();
  await using other = await startSimulator();
  const ids = one.dataset.ids(Product.MESSAGES, Direction.INBOUND).slice(0, 20);
  const queries = [
    { ...sampleSms, include_message: 'true' },
    { product: 'MESSAGES', direction: 'inbound', id: ids.join(',') },
    { product: 'VOICE-CALL' },
  ];
  for (const query of queries) {
    const search = new URLSearchParams({ account_id: 'abcd1234', ...query });
    const [first, second] = await Promise.all(
      [one, other].map(async (each) => (await get(each, search)).text()),
    );
    expect(JSON.parse(first ?? '').items_count).toBeGreaterThan(0);
    expect(first).toBe(second);
  }
});

test('nothing but records and costs is served', async () => {
  await using simulator = await startSimulator();
  for (const path of ['/', '/v2/reports', '/v2/reports/records/1', '/graphql']) {
    expect((await fetch(`${simulator.url}${path}`)).status).toBe(404);
  }
});

test('ends at once, even with connections that are kept open', async () => {
  const simulator = await startSimulator();
  const { url } = simulator;
  await ask(simulator, sampleSms);
  await simulator.close();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
