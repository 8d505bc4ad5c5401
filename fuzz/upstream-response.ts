import fc from 'fast-check';
import { type HostileRow, hostileRow } from './hostile-row.js';
import { hostileText } from './hostile-text.js';

/** Framing of a response body. */
type Framing = 'length' | 'too-short' | 'too-long' | 'chunked' | 'junk-chunks' | 'close' | 'reset';

/** A response of a faulty Vonage. */
export interface UpstreamResponse {
  readonly status: number;
  /** Value of `retry-after` in an error response, or undefined for none. */
  readonly retryAfter: string | undefined;
  /** Raw header lines. */
  readonly headers: readonly string[];
  /** Raw body, or undefined for a response with rows. */
  readonly body: string | undefined;
  readonly rows: readonly HostileRow[];
  /** What `ids_not_found` says, as JSON: the ids without rows, or this; undefined for no such key. */
  readonly missing: 'true' | string | undefined;
  readonly framing: Framing;
  /** Fraction of the body after which it ends, from 0 to 1. */
  readonly cutAt: number;
  /** Whether the body contains invalid UTF-8. */
  readonly odd: boolean;
  readonly delayMs: number;
  /** Pause in the middle of the body. */
  readonly restMs: number;
}

const problem = JSON.stringify({
  type: 'https://developer.vonage.com/api-errors#invalid-filter',
  title: 'Bad',
  detail: 'No.',
  instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
});

const status = fc.oneof(
  { weight: 25, arbitrary: fc.constant(200) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(400, 401, 402, 403, 404, 408, 422, 429, 429, 429, 500, 502, 503, 504),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      100,
      101,
      102,
      103,
      201,
      204,
      205,
      206,
      301,
      302,
      304,
      307,
      308,
      418,
      451,
      511,
      599,
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 999 }) },
);

const body = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '"records"',
    '0',
    '{"records":null}',
    '{"records":{}}',
    '{"records":"x"}',
    '{"records":[null,1,"x",[],true]}',
    '{"records":[],"ids_not_found":[]}',
    '{"records":[],"ids_not_found":5}',
    '{"ids_not_found":","}',
    '{"records":[],"records":[{}]}',
    '{"__proto__":{"records":[]}}',
    '{"records":[{}',
    '<html><body>Bad gateway</body></html>',
    '\ufeff{"records":[]}',
    '{"records":[]}}',
    'NaN',
    '"@nested:100000@"',
    '{"records":"@nested:100000@"}',
    '{"records":["@object:50000@"]}',
    `${'['.repeat(50_000)}`,
    '{"records":[{"a":"',
    `{"records":[{"a":"${'\\"'.repeat(20_000)}`,
    `{"records":[${'{},'.repeat(20_000)}{}]}`,
    problem,
    '{"title":{"toString":1},"type":5,"instance":[]}',
    `{"title":"${'t'.repeat(5000)}","type":"#${'x'.repeat(5000)}","instance":"\\r\\nX: y"}`,
    '{"title":"call 447700900000 now","type":"#__proto__","instance":"https://10.0.0.1/x"}',
  ),
  fc.json({ maxDepth: 4 }),
  hostileText,
);

const retryAfter = fc.constantFrom(
  '0',
  '1',
  '0.01',
  '-5',
  '1e9',
  '99999999999999999999',
  'NaN',
  'Infinity',
  '',
  ' ',
  'soon',
  'Wed, 21 Oct 2015 07:28:00 GMT',
  'Wed, 21 Oct 2999 07:28:00 GMT',
  'Someday, 99 GMT',
  '1, 2',
  '0x10',
  '١',
);

const header = fc.oneof(
  fc
    .constantFrom(
      'application/json',
      'text/html',
      'application/json; charset=utf-16',
      'application/json; charset=nothing',
      'multipart/mixed',
      '',
      '\u00ff\u00fe',
    )
    .map((each) => `content-type: ${each}`),
  fc
    .constantFrom('gzip', 'br', 'deflate', 'identity', 'nothing', 'gzip, gzip')
    .map((each) => `content-encoding: ${each}`),
  fc
    .constantFrom('/', 'http://127.0.0.1:1/', '//evil', 'javascript:alert(1)', '\u00e9')
    .map((each) => `location: ${each}`),
  fc.constantFrom(
    'connection: close',
    'connection: keep-alive',
    'keep-alive: timeout=0',
    'keep-alive: timeout=99999999',
    'trailer: x',
    'set-cookie: a=b',
    'x-odd: \u00ff\u0080',
    'upgrade: h2c',
    'no colon here',
    ': nothing',
    'x y: z',
    `x-long: ${'a'.repeat(20_000)}`,
    'content-length: 5',
    'transfer-encoding: chunked',
    'transfer-encoding: gzip',
  ),
);

const framing = fc.oneof(
  { weight: 25, arbitrary: fc.constant<Framing>('length') },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Framing>('too-short', 'too-long', 'chunked', 'junk-chunks', 'close', 'reset'),
  },
);

const pause = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(5, 50, 400) },
);

/** Arbitrary responses. About half are well-formed rows with status 200. */
export const upstreamResponse: fc.Arbitrary<UpstreamResponse> = fc.record({
  status,
  retryAfter: fc.option(retryAfter, { nil: undefined, freq: 2 }),
  headers: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(header, { maxLength: 3 }) },
  ),
  body: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: body }),
  rows: fc.array(hostileRow, { maxLength: 6 }),
  missing: fc.oneof(
    { weight: 8, arbitrary: fc.constant('true') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        undefined,
        '""',
        'null',
        '5',
        '[]',
        '{}',
        '"a,b,,c"',
        '"@text:100000@"',
        '"__proto__"',
      ),
    },
  ),
  framing,
  cutAt: fc.oneof(
    { weight: 15, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  ),
  odd: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  delayMs: pause,
  restMs: pause,
});
