import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-problems.js';
import { sendRaw } from '../support/raw-socket.js';
import { errorBody } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const body = '{"query":"{ __typename }"}';

function post(url: string, hostLines: string, { target = '/graphql', version = '1.1' } = {}) {
  const head = `POST ${target} HTTP/${version}\r\n${hostLines}connection: close\r\ncontent-type: application/json\r\n`;
  return sendRaw(url, `${head}content-length: ${body.length}\r\n\r\n${body}`);
}

const get = (url: string, path: string, hostLines: string) =>
  sendRaw(url, `GET ${path} HTTP/1.1\r\n${hostLines}connection: close\r\n\r\n`);

describe('a gateway on a loopback address', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test.each(['localhost', 'localhost:4000', 'LOCALHOST.', '127.0.0.1:80', '[::1]', '[::1]:4000'])(
    'accepts the host %s',
    async (host) => {
      const { status, body } = await post(gateway.url, `Host: ${host}\r\n`);
      expect([status, JSON.parse(body)]).toEqual([200, { data: { __typename: 'Query' } }]);
    },
  );

  test.each([
    'evil.test',
    'evil.test:4000',
    'localhost.evil.test',
    'evil.test.',
    '127.0.0.1.evil.test',
    '10.0.0.1',
    '[::2]',
  ])('rejects the host %s, whose name a site can resolve to this machine', async (host) => {
    const response = await post(gateway.url, `Host: ${host}\r\n`);
    expect(response.status).toBe(421);
    expect(JSON.parse(response.body)).toEqual(errorBody());
    expect(response.body).toContain('ALLOWED_HOSTS');
  });

  test.each([
    ['is missing', ''],
    ['is empty', 'Host:\r\n'],
    ['contains a space', 'Host: a b\r\n'],
    ['contains a path', 'Host: localhost/graphql\r\n'],
    ['contains a user', 'Host: evil@localhost\r\n'],
    ['contains a malformed port', 'Host: localhost:port\r\n'],
    ['is given twice', 'Host: localhost\r\nHost: evil.test\r\n'],
    ['is a list', 'Host: localhost, evil.test\r\n'],
    ['is very long', `Host: ${'a'.repeat(300)}\r\n`],
  ])('responds with 400 when the host %s', async (_what, hostLines) => {
    const response = await post(gateway.url, hostLines);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(response.body)).toEqual(errorBody());
  });

  test('responds with 400 to HTTP/1.0 without a host, and accepts it with one', async () => {
    expect((await post(gateway.url, '', { version: '1.0' })).status).toBe(400);
    expect((await post(gateway.url, 'Host: localhost\r\n', { version: '1.0' })).status).toBe(200);
  });

  test('checks the host of an absolute request target before that of the header', async () => {
    const target = 'http://evil.test/graphql';
    expect((await post(gateway.url, 'Host: localhost\r\n', { target })).status).toBe(421);
    expect((await post(gateway.url, 'Host: x\r\n', { target: 'http://localhost:1/graphql' })).status).toBe(
      200,
    );
  });

  test('rejects another host at every path but those of health probes', async () => {
    for (const path of ['/', '/explorer', '/graphql', '/nothing-here'])
      expect((await get(gateway.url, path, 'Host: evil.test\r\n')).status).toBe(421);
    for (const path of ['/livez', '/readyz'])
      for (const hostLines of ['Host: 10.1.2.3:4000\r\n', '', 'Host: a b\r\n'])
        expect((await get(gateway.url, path, hostLines)).status).toBe(200);
  });

  test('looks nothing up for another host', async () => {
    expect(gateway.simulator.log.calls).toEqual([]);
  });
});

test('a gateway on a public address accepts any host, because it cannot know its own names', async () => {
  await using gateway = await startTestGateway({ config: { http: { host: '0.0.0.0' } } });
  const url = gateway.url.replace('0.0.0.0', '127.0.0.1');
  expect((await post(url, 'Host: records.example.com\r\n')).status).toBe(200);
  expect((await post(url, 'Host: a b\r\n')).status).toBe(400);
});

test('a list of hosts replaces the default', async () => {
  await using gateway = await startTestGateway({
    config: { http: { allowedHosts: ['Records.example.com', '[2001:db8::1]'] } },
  });
  const statusOf = async (host: string) => (await post(gateway.url, `Host: ${host}\r\n`)).status;
  expect(await statusOf('records.example.com')).toBe(200);
  expect(await statusOf('records.EXAMPLE.com:443')).toBe(200);
  expect(await statusOf('[2001:DB8::1]:443')).toBe(200);
  expect(await statusOf('localhost')).toBe(421);
  expect(await statusOf('sub.records.example.com')).toBe(421);
});

test('a list of hosts is read from the configuration', () => {
  expect(readConfig({ ALLOWED_HOSTS: 'a.example, 10.0.0.7,[::1]' }).http.allowedHosts).toEqual([
    'a.example',
    '10.0.0.7',
    '[::1]',
  ]);
  expect(readConfig({}).http.allowedHosts).toBeUndefined();
});

test.each(['*', '*.example.com', 'a.example:80', 'https://a.example', 'a b', 'a,', '::1'])(
  '%s is a configuration error as a list of hosts',
  (hosts) => {
    const read = () => readConfig({ ALLOWED_HOSTS: hosts });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      'ALLOWED_HOSTS must be a comma-separated list of host names or addresses without ports',
    );
  },
);
