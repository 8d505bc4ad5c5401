import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway[Symbol.asyncDispose]());

const one = 'query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { vonageId } }';
const many = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) {
  nodes { vonageId } idsNotFound results { requestedId outcome error { code isRetryable } }
} }`;
const good = '15000000E1F8B123';

describe('wrong input', () => {
  test.each([
    ['a comma', 'a,b'],
    ['another parameter', 'x&product=SMS'],
    ['nothing', ''],
    ['10 KB', 'a'.repeat(10_240)],
    ['a control character', 'a\u0000b'],
    ['a line break', 'a\r\nHost: evil'],
    ['a slash', '../../x'],
    ['a space', 'a b'],
    ['digits of another script', '١٢٣'],
    ['percent encoding', '%2c'],
  ])('an id with %s is refused by name, and nothing is sent', async (_what, id) => {
    const { data, errors } = await gateway.ask(one, { id });
    expect(data.record).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['record'],
        message: expect.stringMatching(/^id must be 1 to 128 letters, digits, \. _ : or -, got: /),
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      }),
    ]);
    expect(errors[0]?.message.length).toBeLessThan(200);
    expect(gateway.simulator.log.calls).toHaveLength(0);
  });

  test('a malformed id among good ones fails at its own place, and only it', async () => {
    const { data, errors } = await gateway.ask(many, { ids: [good, 'a,b', 'unknown-id', good] });
    expect(data.records).toEqual({
      nodes: [{ vonageId: good }, null, null, { vonageId: good }],
      idsNotFound: ['nobody-knows-me'],
      results: [
        { requestedId: good, outcome: 'FOUND', error: null },
        { requestedId: 'a,b', outcome: 'FAILED', error: { code: 'BAD_USER_INPUT', isRetryable: false } },
        { requestedId: 'nobody-knows-me', outcome: 'NOT_FOUND', error: null },
        { requestedId: good, outcome: 'FOUND', error: null },
      ],
    });
    expect(errors).toEqual([expect.objectContaining({ path: ['records', 'nodes', 1] })]);
    expect(errors[0]?.message).toMatch(/^ids\[1\] must be/);
    expect(gateway.simulator.log.calls.flatMap((call) => call.ids)).toEqual([good, 'unknown-id']);
  });

  test('1,001 ids are refused as a whole, and nothing is sent', async () => {
    const { errors } = await gateway.ask(many, {
      ids: Array.from({ length: 1001 }, (_, index) => `id-${index}`),
    });
    expect(errors[0]).toMatchObject({
      message: 'The operation asks for 1001 ids; at most 1000 are allowed.',
      extensions: { code: 'TOO_MANY_IDS' },
    });
    expect(gateway.simulator.log.calls).toHaveLength(0);
  });

  test.each([
    [
      'a direction where the product has none',
      '{ record(id: "a", product: VERIFY_API, direction: INBOUND) { id } }',
      /^direction must be left out/,
    ],
    [
      'an account that is none',
      '{ record(id: "a", product: SMS, accountId: "a b") { id } }',
      /^accountId must be/,
    ],
    ['a global id that was cut short', '{ record(id: "vr1_YWJj") { id } }', /^id must be a global id/],
    ['a Vonage id as a node', '{ node(id: "15000000E1F8B123") { id } }', /^id must be a global id/],
  ])('%s is refused, and nothing is sent', async (_what, operation, message) => {
    const { errors } = await gateway.ask(operation);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(gateway.simulator.log.calls).toHaveLength(0);
  });

  test('a global id that contradicts another argument is refused', async () => {
    const { data } = await gateway.ask(`{ record(id: "${good}", product: SMS, direction: OUTBOUND) { id } }`);
    gateway.simulator.log.clear();
    const { errors } = await gateway.ask('query ($id: ID!) { record(id: $id, product: VERIFY_API) { id } }', {
      id: data.record.id,
    });
    expect(errors[0]).toMatchObject({ message: expect.stringContaining('contradicts product') });
    expect(gateway.simulator.log.calls).toHaveLength(0);
  });

  test.each([
    ['an argument', 'query ($x: ID = "a") { record(id: $x, product: VOICE_CALL) { id } }'],
    ['an item of an argument', 'query ($x: ID = "a") { records(ids: ["b", $x]) { idsNotFound } }'],
    ['a condition', 'query ($x: Boolean = true) { record(id: "a") @include(if: $x) { id } }'],
    ['a condition inside', 'query ($x: Boolean = true) { record(id: "a") { id @skip(if: $x) } }'],
  ])('null in place of the default of a variable for %s is a client error', async (_what, query) => {
    const log: string[] = [];
    await using own = await startTestGateway({ log });
    const { data, errors } = await own.ask(query, { x: null });
    expect(data?.record ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/^Argument "(id|ids|if)" (of non-null type|has invalid value)/),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(own.simulator.log.calls).toEqual([]);
    expect(log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });

  test('an operation that does not fit the schema is answered with the code for it', async () => {
    const { status, errors } = await gateway.ask('{ nope }');
    expect(status).toBe(400);
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: expect.any(String) });
  });
});

describe('what Vonage can do wrong', () => {
  test.each([
    ['500', { kind: 'status', status: 500 }, 'UPSTREAM_UNAVAILABLE', { status: 500, title: 'Simulated 500' }],
    ['503', { kind: 'status', status: 503 }, 'UPSTREAM_UNAVAILABLE', { status: 503 }],
    ['400', { kind: 'status', status: 400 }, 'UPSTREAM_REJECTED', { status: 400 }],
    [
      '429 with Retry-After',
      { kind: 'status', status: 429, retryAfter: '0.01' },
      'UPSTREAM_RATE_LIMITED',
      { status: 429, type: 'rate-limit', retryAfterMs: 10 },
    ],
    [
      'HTML',
      { kind: 'body', body: '<html>Bad gateway</html>', contentType: 'text/html' },
      'UPSTREAM_MALFORMED',
      { status: 200 },
    ],
    ['JSON of another kind', { kind: 'body', body: '{"records":{}}' }, 'UPSTREAM_MALFORMED', { status: 200 }],
    [
      'a redirect',
      { kind: 'redirect', location: 'http://127.0.0.1:1/' },
      'UPSTREAM_MALFORMED',
      { status: 302 },
    ],
    ['a cut connection', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE', undefined],
    ['half an answer', { kind: 'truncated' }, 'UPSTREAM_UNAVAILABLE', undefined],
  ] as const)(
    '%s is an error at the record, and the other fields have values',
    async (_what, fault, code, upstream) => {
      await using gateway = await startTestGateway({ config: { limits: { operationTimeoutMs: 3000 } } });
      gateway.simulator.faults.plan(
        fault,
        Number.POSITIVE_INFINITY,
        ({ product }) => product === Product.SMS,
      );
      const { data, errors } = await gateway.ask(`{
      bad: record(id: "${good}", product: SMS, direction: OUTBOUND) { vonageId }
      good: record(id: "7b109636-1a05-11eb-bad9-38f9d3316493", product: VERIFY_API) { vonageId }
    }`);
      expect(data).toEqual({ bad: null, good: { vonageId: '7b109636-1a05-11eb-bad9-38f9d3316493' } });
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ path: ['bad'], extensions: { code, ...(upstream && { upstream }) } });
      expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|simulator-secret|html|stack|api\.nexmo/);
    },
  );

  test('rows whose ids are no texts leave the others intact, and are not shown as rows of an id that others carry', async () => {
    const rows = [
      { message_id: { toString: 1 }, id: null },
      { message_id: 15, to: '1' },
      { message_id: good, to: '2' },
    ];
    gateway.simulator.faults.plan({ kind: 'body', body: JSON.stringify({ records: rows }) });
    const { data, errors } = await gateway.ask(
      `{ records(ids: ["${good}"], product: SMS, direction: OUTBOUND) { results { records { ... on SmsOutboundRecord { to } } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.records.results).toEqual([{ records: [{ to: '2' }] }]);
  });

  test('rows that a cut page left out make the result of their id incomplete, not shorter', async () => {
    const [call] = gateway.simulator.dataset.ids(Product.ASR);
    gateway.simulator.faults.maxPageRows = 1;
    const { data, errors } = await gateway.ask(
      `query ($ids: [ID!]!) { records(ids: $ids, product: ASR) { results { outcome records { vonageId } error { code } } } }`,
      { ids: [call] },
    );
    gateway.simulator.faults.maxPageRows = 1000;
    expect(errors).toEqual([]);
    expect(data.records.results).toEqual([
      { outcome: 'INCOMPLETE', records: [{ vonageId: call }], error: null },
    ]);
  });

  test('half of a character, as a cut text has it, does not make the answer unreadable for strict readers', async () => {
    const row = `{"message_id":"${good}","to":"cut \\ud83d","from":"\\ud83d\\ude00 \\\\ud83d"}`;
    gateway.simulator.faults.plan({ kind: 'body', body: `{"records":[${row}]}` });
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `{ record(id: "${good}", product: SMS, direction: OUTBOUND) { ... on SmsOutboundRecord { to from } } }`,
      }),
    });
    const { data } = (await answer.json()) as { data: unknown };
    expect(data).toEqual({ record: { to: 'cut \ufffd', from: '\ud83d\ude00 \\ud83d' } });
  });

  test('an upstream that is down is an error that says so', async () => {
    await using broken = await startTestGateway({ config: { vonage: { baseUrl: 'http://127.0.0.1:9' } } });
    const { data, errors } = await broken.ask(one, { id: good });
    expect(data.record).toBeNull();
    expect(errors[0]).toMatchObject({ extensions: { code: 'UPSTREAM_UNAVAILABLE' } });
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
  });

  test("wrong credentials are reported as the operator's to mend", async () => {
    await using broken = await startTestGateway({ config: { vonage: { apiSecret: 'not-the-secret' } } });
    const { errors } = await broken.ask(one, { id: good });
    expect(errors[0]).toMatchObject({
      extensions: {
        code: 'UPSTREAM_UNAUTHORIZED',
        upstream: { status: 401, type: 'unauthorized', title: 'Unauthorized' },
      },
    });
    expect(JSON.stringify(errors)).not.toContain('not-the-secret');
  });

  test('an account that the credentials may not read is an error at that record only', async () => {
    const { data, errors } = await gateway.ask(`{
      other: record(id: "${good}", product: SMS, direction: OUTBOUND, accountId: "zzzz9999") { vonageId }
      own: record(id: "${good}", product: SMS, direction: OUTBOUND) { vonageId }
    }`);
    expect(data).toEqual({ other: null, own: { vonageId: good } });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['other'],
        extensions: expect.objectContaining({ code: 'UPSTREAM_REJECTED' }),
      }),
    ]);
  });

  test('a search goes on past a lane that fails, and a miss with a failed lane is no miss', async () => {
    gateway.simulator.faults.plan(
      { kind: 'status', status: 503 },
      Number.POSITIVE_INFINITY,
      ({ direction }) => direction === Direction.OUTBOUND,
    );
    const [inbound] = gateway.simulator.dataset.ids(Product.SMS, Direction.INBOUND);
    const { data, errors } = await gateway.ask(
      `{ found: smsRecord(id: "${inbound}") { __typename } open: smsRecord(id: "unknown") { __typename } }`,
    );
    expect(data).toEqual({ found: { __typename: 'SmsInboundRecord' }, open: null });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['open'],
        extensions: expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE' }),
      }),
    ]);
  });
});
