import { Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  deflateSync,
  gzipSync,
} from 'node:zlib';
import { errorBody } from '../support/rejection.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const mebibyte = 1024 * 1024;
const maxBodyBytes = 2 * mebibyte;
const text =
  '{"query":"{ record(id: \\"15000000E1F8B123\\", product: SMS, direction: OUTBOUND) { vonageId } }"}';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { http: { maxBodyBytes } } });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());

async function post(coding: string, body: Uint8Array | ReadableStream) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': coding },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  } as RequestInit);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const found = { data: { record: { vonageId: '15000000E1F8B123' } } };

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['br', brotliCompressSync(text)],
  ['identity', Buffer.from(text)],
])('a body in %s is read', async (coding, body) => {
  expect(await post(coding, body)).toMatchObject({ status: 200, body: found });
});

test('a compressed body without a length is read', async () => {
  const stream = Readable.toWeb(Readable.from([gzipSync(text)])) as unknown as ReadableStream;
  expect(await post('gzip', stream)).toMatchObject({ status: 200, body: found });
});

test('the same request in another coding gets the same response', async () => {
  const bodies = [await post('identity', Buffer.from(text)), await post('br', brotliCompressSync(text))];
  expect(bodies[1]?.body.data).toEqual(bodies[0]?.body.data);
});

test.each(['zstd', 'compress', 'gzip, br', 'gzip, gzip', 'none', '*'])(
  'a body in %s is rejected with the list of supported codings',
  async (coding) => {
    const response = await post(coding, gzipSync(text));
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br']);
    expect(response.body).toEqual(errorBody());
    expect(gateway.simulator.log.calls).toEqual([]);
  },
);

test.each([
  ['is not compressed', 'gzip', Buffer.from(text)],
  ['is in another coding than its header names', 'br', gzipSync(text)],
  ['is cut short', 'gzip', gzipSync(text).subarray(0, 40)],
  ['is corrupt', 'deflate', deflateSync(text).fill(0xff, 20, 30)],
  ['is empty', 'gzip', Buffer.alloc(0)],
  ['decompresses to nothing', 'gzip', gzipSync('')],
  ['decompresses to invalid JSON', 'br', brotliCompressSync('{')],
])('a body that %s is rejected', async (_what, coding, body) => {
  expect(await post(coding, body)).toMatchObject({ status: 400, body: errorBody() });
  expect(gateway.simulator.log.calls).toEqual([]);
});

test('a body may decompress to the limit and no further', async () => {
  const padded = (length: number) => gzipSync(text.padEnd(length));
  expect((await post('gzip', padded(maxBodyBytes))).status).toBe(200);
  expect((await post('gzip', padded(maxBodyBytes + 1))).status).toBe(413);
});

test('a body that is too large in compressed form is rejected without decompression', async () => {
  const noise = Buffer.from(Array.from({ length: maxBodyBytes + 1 }, (_, index) => (index * 7919) % 251));
  expect(await post('gzip', noise)).toMatchObject({ status: 413, body: errorBody() });
  const stream = Readable.toWeb(
    Readable.from([noise.subarray(0, mebibyte), noise]),
  ) as unknown as ReadableStream;
  // The client may still be sending when the gateway rejects the body and closes the connection.
  const status = await post('gzip', stream).then(
    (response) => response.status,
    () => 413,
  );
  expect(status).toBe(413);
});

async function zeros(coder: Transform, mebibytes: number): Promise<Buffer> {
  const source = Readable.from(Array(mebibytes).fill(Buffer.alloc(mebibyte)));
  return buffer(source.pipe(coder));
}

test.each([
  // A gzip file may hold several members, one after the other.
  ['gzip', 1024, async () => Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(16 * mebibyte))))],
  ['deflate', 256, () => zeros(createDeflate({ level: 1 }), 256)],
  ['br', 1024, () => zeros(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }), 1024)],
])('a decompression bomb in %s of %d MiB takes no memory', async (coding, _mebibytes, build) => {
  const bomb = await build();
  expect(bomb.length).toBeLessThan(maxBodyBytes);
  const before = process.resourceUsage().maxRSS;
  expect(await post(coding, bomb)).toMatchObject({ status: 413, body: errorBody() });
  const grownKibibytes = process.resourceUsage().maxRSS - before;
  expect(grownKibibytes).toBeLessThan(100 * 1024);
  expect(gateway.simulator.log.calls).toEqual([]);
});
