import fc from 'fast-check';
import { hostileText } from './hostile-text.js';

/** The parts of a raw HTTP request. */
export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Header lines, without those that frame the body. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** Content encoding of the body. A bomb expands to ten million bytes. */
  readonly coding: 'none' | 'gzip' | 'deflate' | 'br' | 'bomb';
  /** Framing of the body: correct length, none, too short, too long, or chunked. */
  readonly framing: 'length' | 'none' | 'too-short' | 'too-long' | 'chunked' | 'junk-chunks';
}

const query = '{"query":"{ __typename }"}';
const lookup =
  '{"query":"{ record(id: \\"15000000E1F8B123\\", product: SMS, direction: OUTBOUND) { vonageId } }"}';

const bodies = [
  query,
  lookup,
  '',
  ' ',
  '{',
  '{}',
  '[]',
  'null',
  'true',
  '0',
  '"text"',
  '5e999',
  '{"query":""}',
  '{"query":null}',
  '{"query":5}',
  '{"query":{}}',
  '{"query":{"kind":"Document","definitions":[]}}',
  '{"query":["{ __typename }"]}',
  `[${query},${query}]`,
  `[${query}]`,
  '[[[]]]',
  '{"query":"{ __typename }","variables":"x"}',
  '{"query":"{ __typename }","variables":[]}',
  '{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}',
  '{"query":"{ __typename }","operationName":5}',
  '{"query":"{ __typename }","operationName":""}',
  '{"query":"{ __typename }","operationName":"__proto__"}',
  '{"query":"{ __typename }","extensions":5}',
  '{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}',
  '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}}',
  '{"extensions":{"persistedQuery":[]}}',
  '{"documentId":"x"}',
  '{"documentId":"sha256:"}',
  '{"documentId":5}',
  '{"documentId":"__proto__"}',
  '{"__proto__":{"query":"{ __typename }"}}',
  '{"constructor":{"prototype":{"polluted":true}},"query":"{ __typename }"}',
  '{"query":"{ __typename }","query":"{ nothing }"}',
  '\ufeff{"query":"{ __typename }"}',
  '{"query":"\ufeff{ __typename }"}',
  '{"query":"\\ufeff{ __typename }"}',
  '{"query":"{ __typename }"}{}',
  '{"query":"\\ud800"}',
  '{"query":"{ \\u0000 }"}',
  '{"query":"mutation { a }"}',
  '{"query":"subscription { a }"}',
  'query={__typename}',
  '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
  `${'['.repeat(50_000)}`,
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `{"variables":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
  `{"query":"${'a'.repeat(300_000)}"}`,
  '\u001f\u008b\u0008',
  "{'query': '{ __typename }'}",
  '<xml/>',
];

const body: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...bodies).map(bytesOf) },
  { weight: 2, arbitrary: fc.json().map(bytesOf) },
  {
    weight: 1,
    arbitrary: hostileText.map((text) => bytesOf(JSON.stringify({ query: text, operationName: text }))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(query, lookup), fc.nat(60), fc.nat(255))
      .map(([text, at, byte]) => damaged(bytesOf(text), at, byte)),
  },
);

const search = fc.oneof(
  fc.constantFrom(
    '',
    '?',
    '?query=%7B__typename%7D',
    '?query={__typename}',
    '?query=%7B__typename%7D&query=x',
    '?query=',
    '?query=%',
    '?query=%ff%fe',
    '?query=%00',
    '?query[]=a',
    '?query=%7B__typename%7D&variables=%7B%7D',
    '?query=%7B__typename%7D&variables=x',
    '?query=%7B__typename%7D&variables=[]',
    '?query=%7B__typename%7D&extensions=5',
    '?query=%7B__typename%7D&operationName=x',
    '?query=mutation%7Ba%7D',
    '?documentId=a&documentId=b',
    '?documentId=__proto__',
    '?extensions=%7B%22persistedQuery%22%3A1%7D',
    '?__proto__=x&constructor=y',
    `?a=${'b'.repeat(3000)}`,
    `?${'a&'.repeat(2000)}`,
    '?query=%7B__typename%7D#x',
    '??',
    '?%',
    '?query=subscription%7Ba%7D',
  ),
  hostileText.map((text) => `?${new URLSearchParams({ query: text })}`.slice(0, 5000)),
);

const path = fc.oneof(
  { weight: 20, arbitrary: fc.constant('/graphql') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '/graphql/',
      '/GRAPHQL',
      '//graphql',
      '/graphql%20',
      '/graphql;x',
      '/%67raphql',
      '/graphql/..',
      '/./graphql',
      '/nothing',
      '/graphql\u0000',
      '*',
      '/',
      '/livez',
      '/readyz',
      '/explorer',
      '/explorer/../graphql',
      '/explorer/%2e%2e/%2e%2e/package.json',
      'http://localhost/graphql',
      'http://evil/graphql',
      'localhost:80',
      '/__proto__',
      '/constructor',
      '/%',
      '/%zz',
      `/${'a'.repeat(5000)}`,
    ),
  },
);

const method = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('POST', 'POST', 'GET') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'HEAD',
      'OPTIONS',
      'PUT',
      'PATCH',
      'DELETE',
      'TRACE',
      'PROPFIND',
      'LOCK',
      'SEARCH',
      'QUERY',
      'NOTHING',
      'post',
      '',
    ),
  },
);

const oddType = fc.constantFrom(
  'application/json; charset=utf-8',
  'application/json;charset=UTF-16',
  'application/json; charset=',
  'application/graphql',
  'application/graphql+json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'APPLICATION/JSON',
  'application/json, text/plain',
  'application/jsonx',
  '/',
  '',
  ';',
  'application/json; charset="',
  '\u00ff',
  `a/${'b'.repeat(3000)}`,
);

const type = fc.oneof(
  { weight: 5, arbitrary: fc.constant('application/json') },
  { weight: 1, arbitrary: oddType },
);

const header = fc.oneof(
  fc
    .constantFrom(
      '*/*',
      'text/html',
      'application/json;q=0',
      'application/json;q=abc',
      'application/json;q=5',
      '*/*;q=0.0001',
      '*/*;q=',
      ';;;',
      ',',
      'text/*',
      'multipart/mixed; deferSpec=20220824',
      'application/graphql-response+json',
      'application/graphql-response+json;q=0, */*',
      `${'a/b,'.repeat(500)}`,
      'application/json; charset=latin1',
      '*',
      'application/*;q=1;x=y',
    )
    .map((each) => `accept: ${each}`),
  fc
    .constantFrom('gzip', 'br', 'deflate', 'identity', 'zstd', 'gzip, gzip', '', 'GZIP', '\u00ff')
    .map((each) => `content-encoding: ${each}`),
  fc.constantFrom(
    'apollo-require-preflight: 1',
    'x-apollo-operation-name: a',
    'x-explain: 1',
    'x-dry-run: 1',
    'x-request-id: a b',
    `x-request-id: ${'a'.repeat(64)}`,
    'x-request-id: a\u0001',
    'authorization: Basic !!!',
    'authorization: Bearer',
    `authorization: ${'x'.repeat(4000)}`,
    'x-router-secret: a',
    'x-router-secret:',
    'origin: null',
    'origin: https://studio.apollographql.com',
    'access-control-request-method: POST',
    'expect: 100-continue',
    'expect: nothing',
    'upgrade: websocket',
    'upgrade: h2c',
    'connection: upgrade',
    'te: trailers',
    'trailer: x',
    'range: bytes=0-1',
    'if-none-match: *',
    'cookie: a=b',
    'host: evil',
    'host:',
    'content-length: 5',
    'content-length: -1',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding: identity',
    'x-odd: \u00ff\u0080',
    ': no name',
    'no colon',
    'x y: z',
    ' folded',
    'x-nul: a\u0000b',
    `x-long: ${'a'.repeat(17_000)}`,
    '__proto__: x',
    'constructor: y',
    'apollo-federation-include-trace: ftv1',
    'content-type: application/json',
  ),
);

const framing = fc.oneof(
  { weight: 12, arbitrary: fc.constant<HttpRequest['framing']>('length') },
  {
    weight: 2,
    arbitrary: fc.constantFrom<HttpRequest['framing']>(
      'none',
      'too-short',
      'too-long',
      'chunked',
      'junk-chunks',
    ),
  },
);

/** Arbitrary requests for a GraphQL endpoint. About half are valid HTTP, and some are valid GraphQL requests. */
export const httpRequest: fc.Arbitrary<HttpRequest> = fc.record({
  method,
  target: fc
    .tuple(path, fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: search }))
    .map(([at, asked]) => at + asked),
  version: fc.oneof(
    { weight: 30, arbitrary: fc.constant('HTTP/1.1') },
    { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTX/1.1', '') },
  ),
  headers: fc
    .tuple(
      fc.oneof(
        { weight: 20, arbitrary: fc.constant('host: localhost') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('host: evil', 'host: a b', 'x: y', 'host: localhost:99999999'),
        },
      ),
      type,
      fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.constant(['apollo-require-preflight: 1']) },
        { weight: 2, arbitrary: fc.array(header, { minLength: 1, maxLength: 3 }) },
      ),
    )
    .map(([host, contentType, more]) => [
      host,
      ...(contentType === '' ? [] : [`content-type: ${contentType}`]),
      ...more,
    ]),
  body,
  coding: fc.oneof(
    { weight: 12, arbitrary: fc.constant<HttpRequest['coding']>('none') },
    { weight: 1, arbitrary: fc.constantFrom<HttpRequest['coding']>('gzip', 'deflate', 'br', 'bomb') },
  ),
  framing,
});

function bytesOf(text: string): Buffer {
  return Buffer.from(text);
}

function damaged(bytes: Buffer, at: number, byte: number): Buffer {
  bytes[at % bytes.length] = byte;
  return bytes;
}
