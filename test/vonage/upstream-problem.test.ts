import fc from 'fast-check';
import { errorCatalogue } from '../../src/errors.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';

const instance = 'bf0ca0bf927b3b52e3cb03217e1a1ddf';
const reports = 'https://developer.nexmo.com/api-errors/reports';

/** The error responses that Vonage documents, and the error that a caller gets for each. */
const documented = [
  [
    400,
    { type: `${reports}#invalid-json`, title: 'Invalid JSON', detail: 'Unexpected character', instance },
    'UPSTREAM_REJECTED',
    { type: 'invalid-json', title: 'Invalid JSON', instance },
  ],
  [
    401,
    {
      type: 'https://developer.nexmo.com/api-errors#unauthorized',
      title: 'Unauthorized',
      detail: 'Bad key',
      instance,
    },
    'UPSTREAM_UNAUTHORIZED',
    { type: 'unauthorized', title: 'Unauthorized', instance },
  ],
  [
    402,
    { title: 'Payment required', detail: 'Top up', instance },
    'UPSTREAM_REJECTED',
    { title: 'Payment required', instance },
  ],
  [
    403,
    { title: 'Forbidden', detail: 'No access to abcd1234', instance },
    'UPSTREAM_REJECTED',
    { title: 'Forbidden', instance },
  ],
  [
    404,
    { type: `${reports}#not-found`, title: 'Invalid report ID', detail: 'No such report', instance },
    'UPSTREAM_REJECTED',
    { type: 'not-found', title: 'Invalid report ID', instance },
  ],
  [
    409,
    {
      type: `${reports}#invalid-abort-operation`,
      title: 'Invalid Abort Operation',
      detail: 'It is over',
      instance,
    },
    'UPSTREAM_REJECTED',
    { type: 'invalid-abort-operation', title: 'Invalid Abort Operation', instance },
  ],
  [
    422,
    { title: 'Unprocessable entity', invalid_parameters: [{ name: 'direction', reason: 'is required' }] },
    'UPSTREAM_REJECTED',
    { title: 'Unprocessable entity' },
  ],
  [
    422,
    { type: `${reports}#invalid-filter`, title: 'Invalid filter', detail: 'date_start, date_end', instance },
    'UPSTREAM_REJECTED',
    { type: 'invalid-filter', title: 'Invalid filter', instance },
  ],
  [
    429,
    { type: `${reports}#rate-limit`, title: 'Rate limit', detail: 'Slow down', instance },
    'UPSTREAM_RATE_LIMITED',
    { type: 'rate-limit', title: 'Rate limit', instance },
  ],
  [
    500,
    { title: 'Internal server error', instance },
    'UPSTREAM_UNAVAILABLE',
    { title: 'Internal server error', instance },
  ],
] as const;

test.each(documented)('%i %j is told as %s', (status, body, code, upstream) => {
  const problem = upstreamProblem(status, body);
  const wait = status === 429 ? { retryAfterMs: 1000 } : {};
  expect(problem.extensions).toEqual({ code, upstream: { status }, ...wait });
  const { detail } = body as { readonly detail?: string };
  const words = { ...upstream, ...(detail && { detail }) };
  expect(problem.explainedExtensions).toEqual({ code, upstream: { status, ...words }, ...wait });
  expect(problem.message).not.toMatch(/abcd1234|Top up|date_start|Bad key/);
});

test.each([
  [408, 'UPSTREAM_TIMEOUT'],
  [418, 'UPSTREAM_REJECTED'],
  [499, 'UPSTREAM_REJECTED'],
  [501, 'UPSTREAM_UNAVAILABLE'],
  [502, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
  [504, 'UPSTREAM_TIMEOUT'],
  [599, 'UPSTREAM_UNAVAILABLE'],
  [201, 'UPSTREAM_MALFORMED'],
  [204, 'UPSTREAM_MALFORMED'],
  [302, 'UPSTREAM_MALFORMED'],
  [304, 'UPSTREAM_MALFORMED'],
])('%i without a body becomes %s', (status, code) => {
  expect(upstreamProblem(status, undefined).extensions).toEqual({ code, upstream: { status } });
});

test.each([
  [401, /operator must check/],
  [402, /out of credit/],
  [403, /check accountId/],
  [422, /check id, product and direction/],
  [429, /try again/],
  [503, /try again/],
  [504, /try again/],
])('the message for %i says what to do', (status, advice) => {
  expect(upstreamProblem(status, undefined).message).toMatch(advice);
});

test.each([
  [401, 'unprovisioned', 'UPSTREAM_REJECTED', /has not enabled this product/],
  [401, 'unathorized', 'UPSTREAM_UNAUTHORIZED', /did not accept the gateway's API key/],
  [403, 'out-of-credit', 'UPSTREAM_REJECTED', /out of credit/],
  [403, 'forbidden', 'UPSTREAM_REJECTED', /check accountId and product/],
])('%i #%s is told as what it is', (status, fragment, code, message) => {
  const problem = upstreamProblem(status, { type: `https://developer.vonage.com/api-errors#${fragment}` });
  expect(problem).toMatchObject({ code, message: expect.stringMatching(message) });
});

test('every message that names retryAfterMs comes with it, whatever Vonage said', () => {
  for (let status = 100; status < 600; status += 1) {
    const { message, retryAfterMs } = upstreamProblem(status, undefined);
    if (message.includes('retryAfterMs')) expect(retryAfterMs).toBe(1000);
  }
  expect(upstreamProblem(429, undefined).message).toContain('retryAfterMs');
});

describe("Vonage's words", () => {
  const detail = 'The account does not have sufficient credit.';
  const requestId = '7b109636-1a05-11eb-bad9-38f9d3316493';

  test('are kept for the log and for callers that may see them, and are not in the extensions of others', () => {
    const body = { title: 'Out of credit', detail, invalid_parameters: [{ name: 'product', reason: 'x' }] };
    const problem = upstreamProblem(403, body, { requestId });
    const explained = { status: 403, title: 'Out of credit', detail, requestId };
    expect(problem.upstream).toEqual({ ...explained, invalidParameters: ['product'] });
    expect(problem.explainedExtensions).toEqual({ code: 'UPSTREAM_REJECTED', upstream: explained });
    expect(problem.extensions).toEqual({ code: 'UPSTREAM_REJECTED', upstream: { status: 403, requestId } });
  });

  test.each([
    ['No route to 447700900123', 'No route to 44********23'],
    ['No route to +44 7700-900-123', 'No route to 44********23'],
    ['Invalid (202) 555-0123', 'Invalid (20******23'],
    ['447700900123', '44********23'],
  ])('have their numbers masked: %s', (quoted, masked) => {
    const body = { type: `#${quoted}`, title: quoted, detail: quoted, instance: quoted };
    expect(upstreamProblem(422, body, { requestId: quoted }).upstream).toEqual({
      status: 422,
      type: masked,
      title: masked,
      detail: masked,
      instance: masked,
      requestId: masked,
    });
  });

  test.each([
    'ada@example.com is unknown',
    'see https://api.nexmo.com',
    'a secret-of-ours b',
    'x'.repeat(201),
  ])('are left out when they are %s', (text) => {
    const secrets = ['secret-of-ours'];
    expect(upstreamProblem(422, { title: text, detail: text }, { secrets }).upstream).toEqual({
      status: 422,
    });
  });

  test.each([['not a text'], 7, null, 'two\nlines'])('have no request id that is %j', (each) => {
    expect(upstreamProblem(500, {}, { requestId: each }).upstream).toEqual({ status: 500 });
  });
});

test('a pause that Vonage requires is in the error twice: for the caller, and as Vonage sent it', () => {
  expect(upstreamProblem(429, undefined, { retryAfterMs: 2000 }).extensions).toEqual({
    code: 'UPSTREAM_RATE_LIMITED',
    retryAfterMs: 2000,
    upstream: { status: 429, retryAfterMs: 2000 },
  });
  expect(upstreamProblem(503, undefined, { retryAfterMs: 0 }).retryAfterMs).toBe(0);
});

test('the host in a type does not matter, only its fragment', () => {
  const types = [
    'https://developer.vonage.com/en/api-errors/reports#invalid-filter',
    '#invalid-filter',
    'x#invalid-filter',
  ];
  for (const type of types) expect(upstreamProblem(422, { type }).upstream?.type).toBe('invalid-filter');
  expect(upstreamProblem(422, { type: `${reports}` }).upstream).toEqual({ status: 422 });
});

describe('what Vonage, or something in its place, may not say through us', () => {
  test.each<[string, unknown]>([
    ['a URL', 'see https://api.nexmo.com/v2/reports/records?id=1'],
    ['an address without a scheme', '//api.nexmo.com/v2/reports'],
    ['a path', '/srv/vonage/handler.py'],
    ['a query', 'account_id=abcd1234&id=1'],
    ['markup', '<b>oops</b>'],
    ['JSON', '{"secret":"x"}'],
    ['a line break', 'one\ntwo'],
    ['a control character', 'bell \u0007'],
    ['a text as long as a page', 'x'.repeat(201)],
    ['an empty text', ''],
    ['a number', 42],
    ['an object', { toString: 'x' }],
    ['a list', ['Unauthorized']],
    ['null', null],
  ])('%s', (_, value) => {
    const type = typeof value === 'string' ? `${reports}#${value}` : value;
    const { upstream, message } = upstreamProblem(500, { type, title: value, instance: value });
    expect(upstream).toEqual({ status: 500 });
    expect(message).toBe(upstreamProblem(500, undefined).message);
  });

  test('numbers in a detail, and reasons of parameters', () => {
    const body = {
      title: 'Invalid filter',
      detail: '447700123456',
      invalid_parameters: [{ name: 'id', reason: 'A1' }],
    };
    const { extensions, explainedExtensions } = upstreamProblem(422, body);
    expect(JSON.stringify([extensions, explainedExtensions])).not.toMatch(/447700123456|A1/);
  });

  test('keys of a body that are not data', () => {
    const body = JSON.parse(
      '{"__proto__":{"title":"from a prototype"},"constructor":{"title":"x"}}',
    ) as unknown;
    expect(upstreamProblem(500, body).upstream).toEqual({ status: 500 });
  });
});

test('no status and no body throws, or yields anything but short plain text and a catalogued code', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ maxLength: 300 }),
    fc.webUrl(),
    fc.constantFrom('Forbidden', '#x'),
  );
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({ type: text, title: text, instance: text, detail: text }, { requiredKeys: [] }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 999 }), body, (status, each) => {
      const { code, upstream = {} } = upstreamProblem(status, each);
      expect(Object.keys(errorCatalogue)).toContain(code);
      const { status: reported, ...texts } = upstream;
      expect(reported).toBe(status);
      for (const said of Object.values(texts)) expect(said).toMatch(/^[\w .,:;()'+*-]{1,200}$/);
    }),
    { numRuns: 500 },
  );
});
