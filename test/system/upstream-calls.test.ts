import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { startTestGateway } from '../support/start-gateway.js';
import { type Answer, reply, startUpstream } from '../vonage/upstream.js';

const sms = '15000000E1F8B123';
const operation = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { vonageId } }`;
const row = { message_id: sms, account_id: 'abcd1234', status: 'delivered' };

/** A gateway before a Vonage that answers as a test says. */
async function startBefore(answer: Answer) {
  const upstream = await startUpstream(answer);
  const gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url }, production: true } });
  const close = async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  };
  return { upstream, gateway, [Symbol.asyncDispose]: close };
}

/** Posts the operation with headers that `fetch` would not send. */
async function post(url: string, headers: Record<string, string>): Promise<string> {
  const body = JSON.stringify({ query: operation });
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers },
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return text(response);
}

test('S39: no header of a caller reaches Vonage', async () => {
  await using subject = await startBefore(reply(200, { records: [row] }));
  const { gateway, upstream } = subject;
  const marked = {
    authorization: 'Bearer marked-by-the-caller',
    cookie: 'session=marked-by-the-caller',
    'x-forwarded-for': 'marked-by-the-caller',
    'x-forwarded-host': 'marked-by-the-caller',
    forwarded: 'for=marked-by-the-caller',
    traceparent: 'marked-by-the-caller',
    tracestate: 'marked-by-the-caller',
    'x-request-id': 'marked-by-the-caller',
    'x-api-key': 'marked-by-the-caller',
    'user-agent': 'marked-by-the-caller',
    'accept-language': 'marked-by-the-caller',
  };
  expect(await post(gateway.url, marked)).toContain(sms);
  expect(upstream.requests).toHaveLength(1);
  const [{ headers, path }] = upstream.requests as [(typeof upstream.requests)[0]];
  expect(JSON.stringify(headers)).not.toContain('marked-by-the-caller');
  expect(path).toBe('/v2/reports/records');
  expect(Object.keys(headers).sort()).toEqual([
    'accept',
    'accept-encoding',
    'authorization',
    'connection',
    'host',
  ]);
  expect(headers.host).toBe(new URL(upstream.url).host);
});

test('a request id that could break a header or a log is replaced', async () => {
  await using gateway = await startTestGateway();
  for (const given of ['a b', 'a'.repeat(65), '{"level":60}', 'é']) {
    const { headers } = await gateway.ask('{ __typename }', {}, { 'x-request-id': encodeURI(given) });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

describe('S22: errors of the gateway or of Vonage reach no client in their own words', () => {
  const page = '<html><body>nginx/1.2.3 at internal.vonage.test /srv/app/index.js:42</body></html>';
  test.each<[string, Answer, string]>([
    ['a page with a 500', reply(500, page, { 'content-type': 'text/html' }), 'UPSTREAM_UNAVAILABLE'],
    ['a page with a 200', reply(200, page, { 'content-type': 'text/html' }), 'UPSTREAM_MALFORMED'],
    [
      'a problem with an address',
      reply(422, { title: page, instance: '/srv/app', type: 'http://internal.vonage.test#x' }),
      'UPSTREAM_REJECTED',
    ],
    ['a connection that breaks off', (response) => response.destroy(), 'UPSTREAM_UNAVAILABLE'],
  ])('%s', async (_what, answer, code) => {
    await using subject = await startBefore(answer);
    const { errors } = await subject.gateway.ask(operation);
    expect(errors[0]?.extensions).toMatchObject({ code, requestId: expect.any(String) });
    const shown = JSON.stringify(errors);
    for (const word of ['nginx', 'internal', '/srv', '.js', '127.0.0.1', 'ECONN', 'socket', 'stack'])
      expect(shown).not.toContain(word);
  });

  test('a name that does not resolve', async () => {
    await using gateway = await startTestGateway({
      config: { vonage: { baseUrl: 'http://no-such-host.invalid' } },
    });
    const { errors } = await gateway.ask(operation);
    expect(errors[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(JSON.stringify(errors)).not.toMatch(/invalid|ENOTFOUND|getaddrinfo/);
  });
});

test('S24: an address in a response is never called, neither a next page nor a redirect', async () => {
  await using trap = await startUpstream(reply(200, { records: [] }));
  const links = { self: { href: trap.url }, next: { href: `${trap.url}/next` } };
  await using subject = await startBefore(
    reply(200, { _links: links, request_status: 'TRUNCATED', records: [row] }),
  );
  expect((await subject.gateway.ask(operation)).data.record).toEqual({ vonageId: sms });
  await using moved = await startBefore(reply(302, '', { location: trap.url }));
  expect((await moved.gateway.ask(operation)).errors[0]?.extensions.code).toBe('UPSTREAM_MALFORMED');
  expect(trap.requests).toEqual([]);
});

describe('S25: a malicious response', () => {
  test('of 500 MB is cut at the limit', async () => {
    const chunk = Buffer.alloc(1_048_576, ' ');
    const flood: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      let sent = 0;
      const more = (): void => {
        while (sent < 500 && !response.destroyed) {
          sent += 1;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    };
    await using subject = await startBefore(flood);
    const before = process.memoryUsage().rss;
    const { errors } = await subject.gateway.ask(operation);
    expect(errors[0]?.extensions.code).toBe('UPSTREAM_MALFORMED');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576);
  });

  test('with keys of prototypes changes none, and its good fields are read', async () => {
    const hostile = `{"records":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"message_id":"${sms}","status":{"then":1},"total_price":[],"to":7}]}`;
    await using subject = await startBefore(reply(200, hostile));
    const { data, errors } = await subject.gateway.ask(
      `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { vonageId totalPrice ... on SmsOutboundRecord { status to } } }`,
    );
    expect([data.record, errors]).toEqual([{ vonageId: sms, totalPrice: null, status: null, to: '7' }, []]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('that drips is given up after the time of a call', async () => {
    const upstream = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"records":[');
    });
    await using gateway = await startTestGateway({
      config: { vonage: { baseUrl: upstream.url, callTimeoutMs: 200 } },
    });
    const { errors } = await gateway.ask(operation);
    expect(errors[0]?.extensions.code).toBe('UPSTREAM_TIMEOUT');
    await upstream[Symbol.asyncDispose]();
  });
});
