import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { GatewayError } from '../../src/errors.js';
import { Credentials } from '../../src/vonage/credentials.js';
import { VonageClient, type VonageClientOptions } from '../../src/vonage/vonage-client.js';
import type { RecordsQuery } from '../../src/vonage/wire.js';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';
import { type Answer, reply, startUpstream, type Upstream } from './upstream.js';

const apiSecret = 's3cr3t-of-the-account';
const credentials = new Credentials('abcd1234', apiSecret);
const query: RecordsQuery = {
  account_id: 'abcd1234',
  product: 'SMS',
  direction: 'outbound',
  id: '15000000E1F8B123',
};
const nothing = { records: [] };

describe('the request', () => {
  test('is a GET of the records path with the parameters of the query, and no other', async () => {
    await using upstream = await startUpstream(reply(200, nothing));
    await using client = clientOf(upstream);
    await client.ask({ ...query, include_message: 'true', show_concatenated: 'true' });
    await client.ask({ account_id: 'abcd1234', product: 'VERIFY-API', id: 'a' });
    const [first, second] = upstream.requests;
    expect(first).toMatchObject({ method: 'GET', path: '/v2/reports/records' });
    expect(Object.fromEntries(first?.parameters ?? [])).toEqual({
      account_id: 'abcd1234',
      product: 'SMS',
      direction: 'outbound',
      id: '15000000E1F8B123',
      include_message: 'true',
      show_concatenated: 'true',
    });
    expect(second?.parameters.toString()).toBe('account_id=abcd1234&product=VERIFY-API&id=a');
  });

  test('carries key and secret as HTTP Basic, and asks for JSON that may be compressed', async () => {
    await using upstream = await startUpstream(reply(200, nothing));
    await using client = clientOf(upstream);
    await client.ask();
    const { authorization, accept, 'accept-encoding': encoding } = upstream.requests[0]?.headers ?? {};
    expect(encoding).toBe('gzip, br');
    expect(authorization).toBe(`Basic ${btoa(`abcd1234:${apiSecret}`)}`);
    expect(accept).toBe('application/json');
  });

  test.each(['', '/', '/proxy/vonage', '/proxy/vonage/'])(
    'keeps the path of a base URL that ends in %p',
    async (path) => {
      await using upstream = await startUpstream(reply(200, nothing));
      await using client = clientOf(upstream, { baseUrl: `${upstream.url}${path}` });
      await client.ask();
      expect(upstream.requests[0]?.path).toBe(`${path.replace(/\/$/, '')}/v2/reports/records`);
    },
  );

  test('has one id parameter, which splits back into the ids, whatever they are', async () => {
    await using upstream = await startUpstream(reply(200, nothing));
    await using client = clientOf(upstream);
    const ids = fc.array(fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(ids, async (each) => {
        await client.ask({ ...query, id: each.join(',') });
        const parameters = upstream.requests.at(-1)?.parameters;
        expect(parameters?.getAll('id').map((list) => list.split(','))).toEqual([each]);
        expect([...(parameters?.keys() ?? [])].toSorted()).toEqual([
          'account_id',
          'direction',
          'id',
          'product',
        ]);
      }),
      { numRuns: 50 },
    );
  });

  test('cannot be given more parameters, another path or a header by a value', async () => {
    await using upstream = await startUpstream(reply(200, nothing));
    await using client = clientOf(upstream);
    const hostile = 'a&product=MESSAGES#x?y=1/../..%2e+ %0d%0aX-Evil: 1\r\nX-Evil: 1 ä€';
    await client.ask({ account_id: hostile, product: hostile, id: hostile });
    const [request] = upstream.requests;
    expect(request?.path).toBe('/v2/reports/records');
    expect([...(request?.parameters ?? [])]).toEqual([
      ['account_id', hostile],
      ['product', hostile],
      ['id', hostile],
    ]);
    expect(request?.headers).not.toHaveProperty('x-evil');
  });
});

test('reports the start of a call before it arrives, and its arrival with the response', async () => {
  const events: string[] = [];
  const answering = new Gate();
  await using upstream = await startUpstream(async (response, request) => {
    events.push('arrived');
    await answering.opened;
    reply(200, nothing)(response, request);
  });
  const client = new VonageClient({ baseUrl: upstream.url, clock: new ManualClock() });
  const listener = {
    onRequestStart: () => {
      events.push('started');
      answering.open();
    },
    onResponseStart: () => events.push('responded'),
  };
  await client.recordsByIds(query, credentials, listener);
  await client.close();
  expect(events).toEqual(['started', 'arrived', 'responded']);
});

test('the client reports all responses of one tick before it reads one of them', async () => {
  const events: string[] = [];
  const respond: (() => void)[] = [];
  await using upstream = await startUpstream((response, request) => {
    respond.push(() => reply(200, nothing)(response, request));
    if (respond.length === 5) for (const each of respond) each();
  });
  const client = new VonageClient({ baseUrl: upstream.url, clock: new ManualClock() });
  const listener = { onRequestStart: () => undefined, onResponseStart: () => events.push('responded') };
  await Promise.all(
    [1, 2, 3, 4, 5].map(async () => {
      await client.recordsByIds(query, credentials, listener);
      events.push('read');
    }),
  );
  await client.close();
  expect(events).toEqual([...new Array(5).fill('responded'), ...new Array(5).fill('read')]);
});

test('a call that is given up while it waits for a connection never begins, and says that it was not sent', async () => {
  const arrived = new Gate();
  await using upstream = await startUpstream(() => arrived.open());
  const timeouts: (() => void)[] = [];
  const setTimer = (_delayMs: number, callback: () => void) => {
    timeouts.push(callback);
    return () => undefined;
  };
  const client = new VonageClient({
    baseUrl: upstream.url,
    clock: { now: () => 0, setTimer },
    maxConnections: 1,
  });
  let started = 0;
  const onRequestStart = () => {
    started += 1;
  };
  const listener = { onRequestStart, onResponseStart: () => undefined };
  const failures = Promise.all(
    ['a', 'b', 'c'].map((id) =>
      client.recordsByIds({ ...query, id }, credentials, listener).catch((error: GatewayError) => error),
    ),
  );
  await arrived.opened;
  for (const timeOut of timeouts) timeOut();
  const reported = (await failures).map((failure) => {
    const { code, neverSent } = failure as GatewayError;
    return [code, neverSent];
  });
  expect(reported).toEqual([
    ['UPSTREAM_TIMEOUT', false],
    ['UPSTREAM_TIMEOUT', true],
    ['UPSTREAM_TIMEOUT', true],
  ]);
  expect([started, upstream.requests.length]).toEqual([1, 1]);
});

describe('connections', () => {
  // A connection is busy for one event-loop iteration after each call, so at most two alternate.
  test('stay open, so that at most two serve all consecutive calls', async () => {
    await using upstream = await startUpstream(reply(200, nothing));
    await using client = clientOf(upstream);
    for (let call = 0; call < 20; call += 1) await client.ask();
    expect(upstream.requests).toHaveLength(20);
    expect(upstream.connections).toBeLessThanOrEqual(2);
  });

  test('stay open after an error response too', async () => {
    await using upstream = await startUpstream(reply(422, { title: 'Unprocessable entity' }));
    await using client = clientOf(upstream);
    for (let call = 0; call < 20; call += 1) await client.failure();
    expect(upstream.requests).toHaveLength(20);
    expect(upstream.connections).toBeLessThanOrEqual(2);
  });

  test('are no more than allowed, however many calls are made at once', async () => {
    await using upstream = await startUpstream(reply(200, nothing));
    await using client = clientOf(upstream, { maxConnections: 2 });
    await Promise.all(Array.from({ length: 10 }, () => client.ask()));
    expect(upstream.requests).toHaveLength(10);
    expect(upstream.connections).toBe(2);
  });

  test('do not mix up the answers of calls made at once', async () => {
    await using upstream = await startUpstream((response, request) => {
      const id = new URL(request.url ?? '', 'http://upstream').searchParams.get('id');
      reply(200, { records: [{ message_id: id }] })(response, request);
    });
    await using client = clientOf(upstream, { maxConnections: 4 });
    const ids = Array.from({ length: 40 }, (_, index) => `id${index}`);
    const answers = await Promise.all(ids.map((id) => client.ask({ ...query, id })));
    expect(answers.map(({ rows }) => rows[0]?.message_id)).toEqual(ids);
  });

  test('are closed on demand, when calls in flight have ended', async () => {
    const arrived = new Gate();
    const answering = new Gate();
    await using upstream = await startUpstream(async (response, request) => {
      arrived.open();
      await answering.opened;
      reply(200, { records: [{ id: '1' }] })(response, request);
    });
    const client = clientOf(upstream);
    const call = client.ask();
    await arrived.opened;
    const closed = client[Symbol.asyncDispose]();
    answering.open();
    expect((await call).rows).toEqual([{ id: '1' }]);
    await closed;
    await upstream.disconnected;
    expect(await client.failure()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%i is not followed: the secret goes nowhere else', async (status) => {
    await using target = await startUpstream(reply(200, { records: [{ id: 'stolen' }] }));
    await using upstream = await startUpstream(
      reply(status, '', { location: `${target.url}/v2/reports/records` }),
    );
    await using client = clientOf(upstream);
    const error = await client.failure();
    expect(error.extensions).toEqual({ code: 'UPSTREAM_MALFORMED', upstream: { status } });
    expect(upstream.requests).toHaveLength(1);
    expect(target.connections).toBe(0);
    expectNoSecrets(error, target.url);
  });
});

describe('an answer', () => {
  test('is read: the rows, and the ids that were not found', async () => {
    const body = { request_status: 'SUCCESS', records: [{ message_id: 'A1' }], ids_not_found: 'b2, C3,,' };
    await using upstream = await startUpstream(reply(200, body));
    await using client = clientOf(upstream);
    expect(await client.ask()).toEqual({ rows: [{ message_id: 'A1' }], idsNotFound: ['b2', 'C3'] });
  });

  test.each(['application/json', 'application/problem+json', 'text/plain', ''])(
    'is read as JSON, even if it calls itself %p',
    async (type) => {
      await using upstream = await startUpstream(
        reply(200, { records: [{ id: '1' }] }, { 'content-type': type }),
      );
      await using client = clientOf(upstream);
      expect((await client.ask()).rows).toEqual([{ id: '1' }]);
    },
  );

  test('keeps letters whole that arrive in two pieces', async () => {
    const bytes = Buffer.from('{"records":[{"from":"Bäckerei €"}]}');
    const middle = bytes.indexOf(Buffer.from('ä')) + 1;
    await using upstream = await startUpstream((response) => {
      response.write(bytes.subarray(0, middle), () => response.end(bytes.subarray(middle)));
    });
    await using client = clientOf(upstream);
    expect((await client.ask()).rows).toEqual([{ from: 'Bäckerei €' }]);
  });

  test('with a __proto__ key changes no prototype', async () => {
    const body =
      '{"__proto__":{"records":[{"id":"forged"}]},"records":[{"__proto__":{"polluted":1},"id":"1"}]}';
    await using upstream = await startUpstream(reply(200, body));
    await using client = clientOf(upstream);
    const { rows } = await client.ask();
    expect(rows.map((row) => [row.id, row.polluted])).toEqual([['1', undefined]]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a compressed answer', () => {
  const body = Buffer.from(JSON.stringify({ records: [{ message_id: 'A1', from: 'Bäckerei €' }] }));
  const compressed = { gzip: gzipSync(body), 'x-gzip': gzipSync(body), br: brotliCompressSync(body) };

  test.each(Object.entries(compressed))('in %s is read', async (encoding, bytes) => {
    await using upstream = await startUpstream(sendBytes(bytes, { 'content-encoding': encoding }));
    await using client = clientOf(upstream);
    expect((await client.ask()).rows).toEqual([{ message_id: 'A1', from: 'Bäckerei €' }]);
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('in %s that becomes larger than the limit is not read on', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(5_000_000, ' '));
    await using upstream = await startUpstream(sendBytes(bomb, { 'content-encoding': encoding }));
    await using client = clientOf(upstream, { maxResponseBytes: 1_000_000 });
    const error = await client.failure();
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(error).toMatchObject({
      code: 'UPSTREAM_MALFORMED',
      message: expect.stringContaining('more than the gateway reads'),
    });
  });

  test.each(Object.entries(compressed))(
    'in %s that is cut yields the rows that came whole',
    async (encoding, _bytes) => {
      const rows = Array.from({ length: 500 }, (_, index) => ({ message_id: randomUUID(), index }));
      const text = Buffer.from(JSON.stringify({ records: rows }));
      const bytes = encoding === 'br' ? brotliCompressSync(text) : gzipSync(text);
      const headers = { 'content-encoding': encoding, 'content-length': String(bytes.length) };
      await using upstream = await startUpstream((response) => {
        response.writeHead(200, headers);
        response.write(bytes.subarray(0, bytes.length - 2000), () => response.destroy());
      });
      await using client = clientOf(upstream);
      const answer = await client.ask();
      expect(answer.failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      expect(answer.rows.length).toBeGreaterThan(50);
      expect(answer.rows).toEqual(rows.slice(0, answer.rows.length));
    },
  );

  test.each([
    ['is not what it says', 'gzip', body],
    ['is in a coding that was not asked for', 'zstd', body],
  ])('that %s is malformed, and says so', async (_what, encoding, bytes) => {
    await using upstream = await startUpstream(sendBytes(bytes, { 'content-encoding': encoding }));
    await using client = clientOf(upstream);
    expect(await client.failure()).toMatchObject({ code: 'UPSTREAM_MALFORMED' });
  });

  test('of a refusal that cannot be decompressed is told by its status', async () => {
    await using upstream = await startUpstream(
      reply(429, '{}', { 'content-encoding': 'gzip', 'retry-after': '2' }),
    );
    await using client = clientOf(upstream);
    expect(await client.failure()).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 2000 });
  });
});

describe('the charset of an answer', () => {
  const rows = [{ from: 'Bäckerei', to: 'Øre' }];

  test.each([
    'application/json; charset=iso-8859-1',
    'application/json;charset="ISO-8859-1"',
    'application/json; Charset = latin1',
  ])('is Latin-1 for %s', async (type) => {
    const bytes = Buffer.from(JSON.stringify({ records: rows }), 'latin1');
    await using upstream = await startUpstream(sendBytes(bytes, { 'content-type': type }));
    await using client = clientOf(upstream);
    expect((await client.ask()).rows).toEqual(rows);
  });

  test('is Latin-1 of a compressed answer that breaks off, too', async () => {
    const type = 'application/json; charset=iso-8859-1';
    const text = `${JSON.stringify({ records: rows }).slice(0, -2)},{"from":"Mü`;
    const bytes = gzipSync(Buffer.from(text, 'latin1'));
    const headers = { 'content-type': type, 'content-encoding': 'gzip' };
    await using upstream = await startUpstream(sendBytes(bytes, headers));
    await using client = clientOf(upstream);
    expect(await client.ask()).toMatchObject({ rows, failure: { code: 'UPSTREAM_MALFORMED' } });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'text/plain; charset=klingon'])(
    'is UTF-8 for %s',
    async (type) => {
      await using upstream = await startUpstream(reply(200, { records: rows }, { 'content-type': type }));
      await using client = clientOf(upstream);
      expect((await client.ask()).rows).toEqual(rows);
    },
  );
});

test("Vonage's X-Request-Id is kept with each failure, a 200 that cannot be read included", async () => {
  const id = '7b109636-1a05-11eb-bad9-38f9d3316493';
  const answers = [reply(500, {}, { 'x-request-id': id }), reply(200, '<html>', { 'x-request-id': id })];
  await using upstream = await startUpstream((...call) => answers.shift()?.(...call));
  await using client = clientOf(upstream);
  expect((await client.failure()).upstream).toEqual({ status: 500, requestId: id });
  expect((await client.failure()).upstream).toEqual({ status: 200, requestId: id });
});

test('a 429 without Retry-After waits until X-RateLimit-Reset', async () => {
  const clock = new ManualClock();
  const reset = String(clock.now() / 1000 + 9);
  await using upstream = await startUpstream(reply(429, {}, { 'x-ratelimit-reset': reset }));
  await using client = clientOf(upstream, { clock });
  expect(await client.failure()).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 9000 });
});

describe('a refusal', () => {
  test.each([
    [400, 'invalid-json', 'Invalid JSON', 'UPSTREAM_REJECTED'],
    [401, 'unauthorized', 'Unauthorized', 'UPSTREAM_UNAUTHORIZED'],
    [402, 'payment-needed', 'Payment needed', 'UPSTREAM_REJECTED'],
    [403, 'forbidden', 'Forbidden', 'UPSTREAM_REJECTED'],
    [404, 'not-found', 'Invalid report ID', 'UPSTREAM_REJECTED'],
    [409, 'invalid-abort-operation', 'Invalid Abort Operation', 'UPSTREAM_REJECTED'],
    [422, 'invalid-filter', 'Invalid filter', 'UPSTREAM_REJECTED'],
    [429, 'rate-limit', 'Rate limit', 'UPSTREAM_RATE_LIMITED'],
    [500, 'server-error', 'Internal server error', 'UPSTREAM_UNAVAILABLE'],
    [503, 'unavailable', 'Service unavailable', 'UPSTREAM_UNAVAILABLE'],
    [504, 'timeout', 'Gateway timeout', 'UPSTREAM_TIMEOUT'],
  ])(
    '%i %s becomes an error with its title and trace id, without a detail that names the secret',
    async (status, fragment, title, code) => {
      const type = `https://developer.nexmo.com/api-errors/reports#${fragment}`;
      const body = { type, title, detail: `key abcd1234, secret ${apiSecret}`, instance: 'bf0ca0bf927b3b52' };
      await using upstream = await startUpstream(
        reply(status, body, { 'content-type': 'application/problem+json' }),
      );
      await using client = clientOf(upstream);
      const error = await client.failure();
      expect(error.explainedExtensions).toEqual({
        code,
        upstream: { status, type: fragment, title, instance: 'bf0ca0bf927b3b52' },
        ...(status === 429 && { retryAfterMs: 1000 }),
      });
      expectNoSecrets(error, upstream.url);
    },
  );

  test('with a list of parameters does not repeat them', async () => {
    const body = {
      title: 'Unprocessable entity',
      invalid_parameters: [{ name: 'id', reason: `not ${query.id}` }],
    };
    await using upstream = await startUpstream(reply(422, body));
    await using client = clientOf(upstream);
    const error = await client.failure();
    expect(error.explainedExtensions).toEqual({
      code: 'UPSTREAM_REJECTED',
      upstream: { status: 422, title: 'Unprocessable entity' },
    });
    expect(error.message).not.toContain(query.id);
  });

  test.each([
    ['7', 7000],
    ['Sat, 10 Jan 2026 00:00:03 GMT', 3000],
  ])('with Retry-After: %s says how long to wait', async (header, retryAfterMs) => {
    await using upstream = await startUpstream(reply(429, {}, { 'retry-after': header }));
    await using client = clientOf(upstream);
    expect((await client.failure()).extensions).toEqual({
      code: 'UPSTREAM_RATE_LIMITED',
      retryAfterMs,
      upstream: { status: 429, retryAfterMs },
    });
  });

  test.each<[string, string, string]>([
    ['of HTML', '<html><h1>502 Bad Gateway</h1>nginx at 10.1.2.3</html>', 'text/html'],
    ['that is empty', '', 'application/json'],
    ['that is cut', '{"title":"Bad gat', 'application/problem+json'],
    ['that is a text', 'upstream connect error', 'text/plain'],
    ['that is null', 'null', 'application/json'],
  ])('with a body %s becomes an error by its status', async (_, body, type) => {
    await using upstream = await startUpstream(reply(502, body, { 'content-type': type }));
    await using client = clientOf(upstream);
    const error = await client.failure();
    expect(error.extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE', upstream: { status: 502 } });
    expect(error.message).not.toMatch(/nginx|10\.1\.2\.3|connect error/);
  });
});

describe('a 200 that is no records response', () => {
  test.each<[string, string]>([
    ['HTML', '<html>Sign in to the hotel network</html>'],
    ['nothing', ''],
    ['JSON that ends in the middle', '{"records":[{"message_id":"15000000E1F8'],
    ['a list', '[{"message_id":"15000000E1F8B123"}]'],
    ['null', 'null'],
    ['an object without records', '{"request_status":"SUCCESS","items_count":1}'],
    ['records behind __proto__ only', '{"__proto__":{"records":[]}}'],
  ])('but %s is malformed', async (_, body) => {
    await using upstream = await startUpstream(reply(200, body));
    await using client = clientOf(upstream);
    const error = await client.failure();
    expect(error.extensions).toEqual({ code: 'UPSTREAM_MALFORMED', upstream: { status: 200 } });
    expect(error.message).not.toMatch(/hotel|15000000E1F8/);
  });

  test.each([201, 202, 204])('nor is a %i one', async (status) => {
    await using upstream = await startUpstream(reply(status, status === 204 ? '' : nothing));
    await using client = clientOf(upstream);
    expect((await client.failure()).extensions).toEqual({ code: 'UPSTREAM_MALFORMED', upstream: { status } });
  });
});

describe('a connection', () => {
  const unavailable = { code: 'UPSTREAM_UNAVAILABLE' };

  test('that is cut before an answer makes the call fail, and Vonage may have seen it', async () => {
    await using upstream = await startUpstream((response) => response.destroy());
    await using client = clientOf(upstream);
    const error = await client.failure();
    expect(error.extensions).toEqual(unavailable);
    expect(error.neverSent).toBe(false);
    expectNoSecrets(error, upstream.url);
  });

  test('that is reset makes the call fail', async () => {
    await using upstream = await startUpstream((response) => void response.socket?.resetAndDestroy());
    await using client = clientOf(upstream);
    expect((await client.failure()).extensions).toEqual(unavailable);
  });

  test.each([
    ['a body shorter than it was announced', { 'content-length': '1000' }],
    ['a chunked body without its end', { 'transfer-encoding': 'chunked' }],
  ])(
    'that is cut within %s yields the rows that came whole, and says that the rest did not',
    async (_, headers) => {
      await using upstream = await startUpstream((response) => {
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        response.write('{"records":[{"message_id":"A"},{"message_id":"B', () => response.destroy());
      });
      await using client = clientOf(upstream);
      const { rows, idsNotFound, failure } = await client.ask();
      expect({ rows, idsNotFound }).toEqual({ rows: [{ message_id: 'A' }], idsNotFound: [] });
      expect(failure?.extensions).toEqual(unavailable);
    },
  );

  test.each([
    ['plain text', (text: string) => Buffer.from(text), {}],
    ['gzip', (text: string) => gzipSync(text).subarray(0, -12), { 'content-encoding': 'gzip' }],
  ])(
    'whose body ends early in %s, as if it were whole, yields the rows that came whole',
    async (_, write, headers) => {
      const cut = '{"records":[{"message_id":"A"},{"message_id":"B"},{"message_id":"';
      await using upstream = await startUpstream((response) =>
        response.writeHead(200, headers).end(write(cut)),
      );
      await using client = clientOf(upstream);
      const { rows, idsNotFound, failure } = await client.ask();
      expect(rows[0]).toEqual({ message_id: 'A' });
      expect(idsNotFound).toEqual([]);
      expect(failure?.extensions).toEqual({ code: 'UPSTREAM_MALFORMED', upstream: { status: 200 } });
    },
  );

  test('that is cut before the first row came whole makes the call fail', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"records":[{"message_id":"A', () => response.destroy());
    });
    await using client = clientOf(upstream);
    expect((await client.failure()).extensions).toEqual(unavailable);
  });

  test('on which something else than HTTP answers makes the call fail', async () => {
    await using upstream = await startUpstream((response) =>
      response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
    );
    await using client = clientOf(upstream);
    expect((await client.failure()).extensions).toEqual(unavailable);
  });

  test('that is refused makes the call fail, without an address in the error', async () => {
    const gone = await startUpstream(reply(200, nothing));
    await gone[Symbol.asyncDispose]();
    await using client = clientOf(gone);
    const error = await client.failure();
    expect(error.extensions).toEqual(unavailable);
    expect(error.neverSent).toBe(true);
    expectNoSecrets(error, gone.url);
  });

  test('that failed does not stop the calls after it', async () => {
    let calls = 0;
    await using upstream = await startUpstream((response, request) => {
      calls += 1;
      if (calls === 1) response.destroy();
      else reply(200, { records: [{ id: '1' }] })(response, request);
    });
    await using client = clientOf(upstream);
    expect(await client.failure()).toMatchObject(unavailable);
    expect((await client.ask()).rows).toEqual([{ id: '1' }]);
  });
});

describe('the time limit', () => {
  test('ends a call that gets no answer, exactly when it is over, and lets the connection go', async () => {
    const clock = new ManualClock();
    const arrived = new Gate();
    await using upstream = await startUpstream(() => arrived.open());
    await using client = clientOf(upstream, { clock, timeoutMs: 15_000 });
    const call = outcomeOf(client.ask());
    await arrived.opened;
    await clock.advance(14_999);
    expect(call.settled).toBe(false);
    await clock.advance(1);
    const error = (await call.error) as GatewayError;
    expect(error.extensions).toEqual({ code: 'UPSTREAM_TIMEOUT' });
    expect(error.neverSent).toBe(false);
    expectNoSecrets(error, upstream.url);
    await upstream.disconnected;
  });

  test('counts for the body as well', async () => {
    const clock = new ManualClock();
    const arrived = new Gate();
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"records":[', () => arrived.open());
    });
    await using client = clientOf(upstream, { clock, timeoutMs: 15_000 });
    const call = outcomeOf(client.ask());
    await arrived.opened;
    await clock.advance(15_000);
    expect(await call.error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await upstream.disconnected;
  });

  test('is 15 seconds unless it is set', async () => {
    const clock = new ManualClock();
    const arrived = new Gate();
    await using upstream = await startUpstream(() => arrived.open());
    await using client = clientOf(upstream, { clock });
    const call = outcomeOf(client.ask());
    await arrived.opened;
    await clock.advance(14_999);
    expect(call.settled).toBe(false);
    await clock.advance(1);
    expect(await call.error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  test('leaves no timer behind, however a call ends', async () => {
    const clock = new ManualClock();
    const bodies = [reply(200, nothing), reply(500, ''), reply(200, 'no JSON')];
    await using upstream = await startUpstream((response, request) => {
      const answer = bodies.shift();
      if (answer) answer(response, request);
      else response.destroy();
    });
    await using client = clientOf(upstream, { clock });
    await client.ask();
    for (let call = 0; call < 3; call += 1) await client.failure();
    expect(upstream.requests).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });

  test('of one call does not end another', async () => {
    const clock = new ManualClock();
    const arrived = [new Gate(), new Gate()];
    const answering = new Gate();
    await using upstream = await startUpstream(async (response, request) => {
      arrived[upstream.requests.length - 1]?.open();
      await answering.opened;
      if (!response.destroyed) reply(200, { records: [{ id: 'second' }] })(response, request);
    });
    await using client = clientOf(upstream, { clock, timeoutMs: 15_000 });
    const first = outcomeOf(client.ask());
    await arrived[0]?.opened;
    await clock.advance(9000);
    const second = client.ask();
    await arrived[1]?.opened;
    await clock.advance(9000);
    expect(await first.error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    answering.open();
    expect((await second).rows).toEqual([{ id: 'second' }]);
  });
});

describe('the size limit', () => {
  const body = JSON.stringify({ records: [{ text: 'x'.repeat(5000) }] });

  test.each([
    ['announced', { 'content-length': String(body.length) }],
    ['not announced', { 'transfer-encoding': 'chunked' }],
  ])('ends a call whose body is larger, %s', async (_, headers) => {
    await using upstream = await startUpstream(reply(200, body, headers));
    await using client = clientOf(upstream, { maxResponseBytes: body.length - 1 });
    const error = await client.failure();
    expect(error.extensions).toEqual({ code: 'UPSTREAM_MALFORMED' });
    expect(error.message).toBe('Vonage answered with more than the gateway reads.');
    await upstream.disconnected;
  });

  test('lets a body of just that size through', async () => {
    await using upstream = await startUpstream(reply(200, body));
    await using client = clientOf(upstream, { maxResponseBytes: body.length });
    expect((await client.ask()).rows).toHaveLength(1);
  });

  test('ends a body that never ends', async () => {
    await using upstream = await startUpstream((response) => {
      // After the disconnection Node 24 calls back at once, so each write has its own turn of the event loop.
      const more = () =>
        void (response.destroyed || response.write(' '.repeat(10_000), () => setImmediate(more)));
      more();
    });
    await using client = clientOf(upstream, { maxResponseBytes: 100_000 });
    expect((await client.failure()).extensions).toEqual({ code: 'UPSTREAM_MALFORMED' });
  });

  test('holds for the body of an error response too', async () => {
    await using upstream = await startUpstream(reply(500, body));
    await using client = clientOf(upstream, { maxResponseBytes: 1000 });
    expect((await client.failure()).extensions).toEqual({ code: 'UPSTREAM_MALFORMED' });
  });
});

/** Answers with a body that is no text. */
function sendBytes(bytes: Buffer, headers: Readonly<Record<string, string>>): Answer {
  return (response) => response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(bytes);
}

interface TestClient extends AsyncDisposable {
  ask(query?: RecordsQuery): ReturnType<VonageClient['recordsByIds']>;
  /** The error of a call that must fail. */
  failure(): Promise<GatewayError>;
}

function clientOf(upstream: Upstream, options: Partial<VonageClientOptions> = {}): TestClient {
  const client = new VonageClient({ baseUrl: upstream.url, clock: new ManualClock(), ...options });
  const ask = (asked = query) => client.recordsByIds(asked, credentials);
  return {
    ask,
    failure: async () => {
      const error = await outcomeOf(ask()).error;
      if (!(error instanceof GatewayError))
        throw new Error(`Expected a GatewayError, got: ${inspect(error)}`);
      return error;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** A call that is watched: whether it has settled, and the error it failed with. */
function outcomeOf(call: Promise<unknown>) {
  const outcome = {
    settled: false,
    error: call.then(
      (value) => {
        outcome.settled = true;
        throw new Error(`Expected a failure, got: ${inspect(value)}`);
      },
      (error: unknown) => {
        outcome.settled = true;
        return error;
      },
    ),
  };
  return outcome;
}

/** Neither what a caller sees nor what a log prints of an error may hold the secret; the caller sees no address either. */
function expectNoSecrets(error: GatewayError, url: string): void {
  const shown = `${error.message} ${JSON.stringify(error.extensions)}`;
  const logged = `${shown} ${JSON.stringify(error)} ${error.stack} ${inspect(error, { depth: null, showHidden: true, getters: true })}`;
  for (const secret of [apiSecret, btoa(`abcd1234:${apiSecret}`)]) expect(logged).not.toContain(secret);
  expect(shown).not.toContain(new URL(url).host);
  expect(shown).not.toMatch(/:\/\/|127\.0\.0\.1|reports\/records/);
}
