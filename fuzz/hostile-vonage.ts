import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { canonicalId, isAccountId, isVonageId } from '../src/catalogue/ids.js';
import { Direction, type Product } from '../src/catalogue/product.js';
import { rulesOf } from '../src/catalogue/products.js';
import { type FieldShape, type RecordShape, recordTypeOf } from '../src/records/record-types.js';
import { expandJson } from './expand-json.js';
import type { HostileRow } from './hostile-row.js';
import { nearValidValues } from './near-valid-values.js';
import type { UpstreamResponse } from './upstream-response.js';

/** A received call. */
interface Call {
  readonly ids: readonly string[];
  readonly product: Product;
  readonly direction: Direction | null;
}

/** A server that replaces Vonage and responds with arbitrary bytes. */
export class HostileVonage implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #shapes: ReadonlyMap<string, RecordShape>;
  readonly #violations: string[] = [];
  #responses: readonly UpstreamResponse[] = [];
  #calls = 0;

  private constructor(shapes: ReadonlyMap<string, RecordShape>) {
    this.#shapes = shapes;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(shapes: ReadonlyMap<string, RecordShape>): Promise<HostileVonage> {
    const vonage = new HostileVonage(shapes);
    await new Promise<void>((resolve) => vonage.#server.listen(0, '127.0.0.1', resolve));
    return vonage;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Responds to later calls with these responses cyclically. An empty list restores plain rows. */
  respondWith(responses: readonly UpstreamResponse[]): void {
    this.#responses = responses;
    this.#calls = 0;
  }

  /** Removes and returns the violations of the calls since the previous call. */
  takeViolations(): string[] {
    return this.#violations.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received = '';
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.setEncoding('latin1').on('data', (text) => {
      received += text;
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const [line = ''] = received.slice(0, end).split('\r\n', 1);
        received = received.slice(end + 4);
        this.#respond(socket, this.#readCall(line));
      }
    });
  }

  /** Parses a call and records a violation if the call is not allowed. */
  #readCall(line: string): Call {
    const { pathname, searchParams } = new URL(line.split(' ')[1] ?? '', 'http://vonage');
    const ids = (searchParams.get('id') ?? '').split(',');
    const product = searchParams.get('product') as Product;
    const direction = searchParams.get('direction') as Direction | null;
    const isAllowed =
      pathname === '/v2/reports/records' &&
      ids.length <= 20 &&
      ids.every(isVonageId) &&
      new Set(ids.map(canonicalId)).size === ids.length &&
      isAccountId(searchParams.get('account_id') ?? '') &&
      (direction === null || Object.values(Direction).includes(direction));
    if (!isAllowed) this.#violations.push(`a forbidden call: ${line.slice(0, 500)}`);
    return { ids, product, direction };
  }

  #respond(socket: Socket, call: Call): void {
    const response = this.#responses[this.#calls++ % Math.max(1, this.#responses.length)] ?? plainResponse;
    const send = () => {
      if (!socket.destroyed) write(socket, response, this.#bodyOf(response, call));
    };
    if (response.delayMs === 0) send();
    else setTimeout(send, response.delayMs);
  }

  #bodyOf({ body, rows, missing }: UpstreamResponse, call: Call): string {
    if (body !== undefined) return expandJson(body);
    const owned = new Set(
      rows.flatMap(({ owner }) => (owner === null ? [] : [call.ids[owner % call.ids.length]])),
    );
    const notFound =
      missing === 'true' ? JSON.stringify(call.ids.filter((id) => !owned.has(id)).join(',')) : missing;
    const list = rows.map((row) => this.#rowOf(row, call)).join(',');
    return expandJson(
      `{"request_id":"x","records":[${list}]${notFound === undefined ? '' : `,"ids_not_found":${notFound}`}}`,
    );
  }

  #rowOf({ owner, typed, fill, more }: HostileRow, { ids, product, direction }: Call): string {
    const { fields = [] } = this.#shapes.get(recordTypeOf(product, direction)?.recordClass.name ?? '') ?? {};
    const [idField = 'id'] = rulesOf(product).idFields;
    const entries = [
      ...(typed === null ? [] : typedEntries(fields, typed)),
      ...(fill.length === 0 ? [] : filledEntries(fields, fill)),
      ...more,
      ...(owner === null ? [] : [[idField, JSON.stringify(ids[owner % ids.length])] as const]),
    ];
    return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  }
}

type Entry = readonly [key: string, value: string];

function typedEntries(fields: readonly FieldShape[], first: number): Entry[] {
  return fields.flatMap(({ wire, kind }, index) => {
    const values = nearValidValues[kind];
    return wire.map((name): Entry => [name, values[(first + 7 * index) % values.length] ?? 'null']);
  });
}

function filledEntries(fields: readonly FieldShape[], fill: readonly string[]): Entry[] {
  return fields.flatMap(({ wire }) => wire).map((name, index) => [name, fill[index % fill.length] ?? 'null']);
}

const plainResponse: UpstreamResponse = {
  status: 200,
  retryAfter: undefined,
  headers: [],
  body: undefined,
  rows: [{ owner: 0, typed: null, fill: [], more: [] }],
  missing: 'true',
  framing: 'length',
  cutAt: 1,
  odd: false,
  delayMs: 0,
  restMs: 0,
};

function write(socket: Socket, response: UpstreamResponse, text: string): void {
  const { status, retryAfter, framing, cutAt, odd, restMs } = response;
  const hasRetryAfter = (status === 429 || status === 503) && retryAfter !== undefined;
  const headers = [...response.headers, ...(hasRetryAfter ? [`retry-after: ${retryAfter}`] : [])];
  const whole = Buffer.from(text);
  if (odd)
    whole
      .subarray(whole.length >> 1)
      .subarray(0, 3)
      .fill(0xff);
  const body = whole.subarray(0, Math.ceil(whole.length * cutAt));
  if (framing === 'reset') return void socket.resetAndDestroy();
  const head = [`HTTP/1.1 ${status} Answer`, ...headers, ...lengthOf(framing, whole.length), '', ''].join(
    '\r\n',
  );
  const bytes = framing === 'chunked' || framing === 'junk-chunks' ? chunks(body, framing) : body;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(0, bytes.length >> 1)]));
  const finish = () => {
    socket.write(bytes.subarray(bytes.length >> 1));
    if (framing !== 'length' && framing !== 'chunked') socket.end();
    else if (cutAt < 1) socket.destroySoon();
  };
  if (restMs === 0) finish();
  else setTimeout(() => socket.destroyed || finish(), restMs);
}

function lengthOf(framing: UpstreamResponse['framing'], length: number): string[] {
  if (framing === 'chunked' || framing === 'junk-chunks') return ['transfer-encoding: chunked'];
  if (framing === 'close') return ['connection: close'];
  const off = { 'too-short': -3, 'too-long': 100 }[framing as string] ?? 0;
  return [`content-length: ${Math.max(0, length + off)}`];
}

function chunks(body: Buffer, framing: string): Buffer {
  const middle = Math.floor(body.length / 2);
  const parts = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0);
  const framed = parts.flatMap((part) => [
    Buffer.from(`${part.length.toString(16)}\r\n`),
    part,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...framed, Buffer.from(framing === 'chunked' ? '0\r\n\r\n' : 'zz\r\n\r\n')]);
}
