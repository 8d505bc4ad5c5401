import { request as httpRequest } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Direction, Product } from '../../src/catalogue/product.js';
import { Compression } from '../../src/http/endpoint/compression.js';
import type { CachedResponse } from '../../src/http/endpoint/response-cache.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
let ids: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { cache: { maxBytes: 8_000_000 } },
    simulator: { eventsPerType: 0, eventsOf: { [Product.SMS]: 220 } },
  });
  ids = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, 200);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const query =
  'query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { results { records { raw } } } }';

interface RawResponse {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Posts an operation and returns the bytes of the response as they arrived. */
function post(acceptEncoding: string | undefined, body: object = { query, variables: { ids } }) {
  return new Promise<RawResponse>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(acceptEncoding !== undefined && { 'accept-encoding': acceptEncoding }),
    };
    const sent = httpRequest(`${gateway.url}/graphql`, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
}

const decode = ({ headers, bytes }: RawResponse): string => {
  const coding = headers['content-encoding'];
  if (coding === 'br') return brotliDecompressSync(bytes).toString();
  return (coding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
};

const dataOf = (response: RawResponse) => JSON.parse(decode(response)).data;

test.each([
  ['br', 'br'],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['GZIP', 'gzip'],
  ['*', 'br'],
  ['*;q=0.1, br;q=0', 'gzip'],
])('a large response is compressed for accept-encoding: %s', async (accepted, coding) => {
  const plain = await post(undefined);
  const compressed = await post(accepted);
  expect([compressed.status, compressed.headers['content-encoding']]).toEqual([200, coding]);
  expect(compressed.headers['content-length']).toBe(String(compressed.bytes.length));
  expect(compressed.bytes.length).toBeLessThan(plain.bytes.length / 3);
  expect(dataOf(compressed)).toEqual(dataOf(plain));
});

test.each([
  [undefined],
  [''],
  ['identity'],
  ['deflate, zstd'],
  ['gzip;q=0, br;q=0'],
  ['gzip;q=0.5, identity'],
  ['gzip;q=many'],
  ['gzip'.repeat(1000)],
])('a response is sent as it is for accept-encoding: %s', async (accepted) => {
  const { status, headers, bytes } = await post(accepted);
  expect([status, headers['content-encoding']]).toEqual([200, undefined]);
  expect(JSON.parse(bytes.toString()).data.records.results).toHaveLength(200);
});

test('a small response is not compressed', async () => {
  const response = await post('gzip, br', { query: '{ __typename }' });
  expect(response.headers['content-encoding']).toBeUndefined();
  expect(JSON.parse(response.bytes.toString())).toEqual({ data: { __typename: 'Query' } });
});

test('a large error response is compressed like any other', async () => {
  const wrong = Array.from({ length: 200 }, (_, index) => `not an id ${index}`);
  const nodes = '{ records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { id } } }';
  const response = await post('br', { query: `query ($ids: [ID!]!) ${nodes}`, variables: { ids: wrong } });
  expect(response.headers['content-encoding']).toBe('br');
  expect(JSON.parse(decode(response)).errors).toHaveLength(200);
});

test('every response tells caches that it depends on accept-encoding', async () => {
  for (const response of [await post('gzip'), await post(undefined), await post('br', { query: '{' })])
    expect(String(response.headers.vary).toLowerCase().split(', ')).toContain('accept-encoding');
  const { headers } = await fetch(`${gateway.url}/graphql?query=%7B__typename%7D`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect(headers.get('vary')?.toLowerCase().split(', ')).toEqual(
    expect.arrayContaining(['authorization', 'accept-encoding']),
  );
});

test('a response from the cache arrives in each coding, and is equal byte by byte each time', async () => {
  const body = { query, variables: { ids: ids.slice(0, 100) } };
  const first = await post('br', body);
  await post('br', body);
  gateway.simulator.log.clear();
  const cached = await Promise.all(
    ['br', 'gzip', undefined, 'br', 'gzip'].map((accepted) => post(accepted, body)),
  );
  expect(cached.map(({ headers }) => headers['content-encoding'])).toEqual([
    'br',
    'gzip',
    undefined,
    'br',
    'gzip',
  ]);
  for (const response of cached) expect(dataOf(response)).toEqual(dataOf(first));
  expect(cached[0]?.bytes).toEqual(cached[3]?.bytes);
  expect(cached[1]?.bytes).toEqual(cached[4]?.bytes);
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('a cached response is compressed once for each coding: later requests get the same bytes of memory', async () => {
  const compression = new Compression();
  const cached = { body: 'x'.repeat(5000) } as CachedResponse;
  const send = (accepted: string) =>
    new Promise<unknown>((resolve) => {
      const request = { headers: { 'accept-encoding': accepted } } as FastifyRequest;
      const reply = { header: () => reply, removeHeader: () => reply, send: resolve };
      compression.sendCached(request, reply as unknown as FastifyReply, cached);
    });
  const [first, together, zipped] = await Promise.all([send('br'), send('br'), send('gzip')]);
  expect(together).toBe(first);
  expect(await send('br')).toBe(first);
  expect(await send('gzip')).toBe(zipped);
  expect(zipped).not.toBe(first);
});

test('more responses at once than are compressed at the same time all arrive whole', async () => {
  const responses = await Promise.all(Array.from({ length: 60 }, () => post('br')));
  for (const response of responses) expect(dataOf(response).records.results).toHaveLength(200);
});
