import fc from 'fast-check';
import { GatewayError } from '../../src/errors.js';
import { parsePageResponse } from '../../src/vonage/page-response.js';
import { parseRecordsResponse } from '../../src/vonage/records-response.js';

test('keeps the rows as they are and leaves the rest of the envelope alone', () => {
  const rows = [{ message_id: 'A1', total_price: '0.03330000', unheard_of: { nested: [1] } }, {}];
  const body = {
    _links: {},
    request_status: 'SUCCESS',
    price: 0,
    items_count: 7,
    limit: 1000,
    records: rows,
  };
  expect(parseRecordsResponse(body)).toEqual({ rows, idsNotFound: [] });
});

test('a truncated page is no failure: its rows are good, and were billed', () => {
  const body = { request_status: 'TRUNCATED', cursor: 'x', iv: 'y', records: [{ id: '1' }] };
  expect(parseRecordsResponse(body)).toEqual({ rows: [{ id: '1' }], idsNotFound: [], isCutPage: true });
});

describe('the ids that were not found', () => {
  test.each([
    [
      "the vendor's sample",
      '7b10a0c2-1a05-11eb-bad9-38f9d331649,7b1091b8-1a05-11eb-bad9-38f9d331493',
      ['7b10a0c2-1a05-11eb-bad9-38f9d331649', '7b1091b8-1a05-11eb-bad9-38f9d331493'],
    ],
    ['one id', 'a', ['a']],
    ['spaces around the commas', ' a , b ', ['a', 'b']],
    ['line breaks', 'a,\n\tb\r\n', ['a', 'b']],
    ['a trailing comma', 'a,b,', ['a', 'b']],
    ['empty entries', ',a,, ,b,', ['a', 'b']],
    ['only commas', ', ,,', []],
    ['an empty text', '', []],
    ['spaces', '  ', []],
    ['null', null, []],
    ['no key', undefined, []],
    ['a list', ['a', ' B '], ['a', 'B']],
    ['a list that holds lists in texts', ['a,b', 'c'], ['a', 'b', 'c']],
    ['a list with numbers, and what is no id', [15, 'a', null, {}, true, 2 ** 53], ['15', 'a']],
    ['a number', 15, ['15']],
    ['an empty list', [], []],
  ])('are read from %s', (_, list, ids) => {
    expect(parseRecordsResponse({ records: [], ids_not_found: list }).idsNotFound).toEqual(ids);
  });

  test('keep the spelling of Vonage', () => {
    expect(parseRecordsResponse({ records: [], ids_not_found: 'aB-cD' }).idsNotFound).toEqual(['aB-cD']);
  });

  test.each([undefined, null])('are enough for an answer whose list of records is %p', (records) => {
    expect(parseRecordsResponse({ records, ids_not_found: 'a,b' })).toEqual({
      rows: [],
      idsNotFound: ['a', 'b'],
    });
  });
});

describe('an answer without rows', () => {
  test.each([
    ['null and a count of 0', { records: null, items_count: 0 }],
    ['absent and a count of 0', { items_count: 0 }],
    ['absent and a count of 0 as text', { items_count: '0', request_status: 'SUCCESS' }],
  ])('may have records that are %s', (_what, body) => {
    expect(parseRecordsResponse(body)).toEqual({ rows: [], idsNotFound: [] });
  });

  test.each(['FAILED', 'PENDING', 'PROCESSING', 'ABORTED', ' failed ', 'WHATEVER'])(
    'and the status %j is an error, not an answer',
    (status) => {
      for (const records of [[], null, undefined]) {
        const answer = parseRecordsResponse({
          records,
          request_status: status,
          items_count: 0,
          ids_not_found: '',
        });
        expect(answer).toMatchObject({ rows: [], failure: { code: 'UPSTREAM_MALFORMED' }, omitted: [] });
      }
    },
  );

  test('and the status TRUNCATED is an error', () => {
    expect(parseRecordsResponse({ records: [], request_status: 'TRUNCATED' }).failure).toBeDefined();
  });

  test.each(['SUCCESS', 'success ', '', null, 7, undefined])('and the status %j is an answer', (status) => {
    expect(parseRecordsResponse({ records: [], request_status: status })).toEqual({
      rows: [],
      idsNotFound: [],
    });
  });
});

test('rows count whatever the status says', () => {
  expect(parseRecordsResponse({ records: [{ id: '1' }], request_status: 'FAILED' })).toEqual({
    rows: [{ id: '1' }],
    idsNotFound: [],
  });
});

test('entries that are no records are left out, for the rows beside them were billed', () => {
  const records = [null, { id: '1' }, 'row', 7, [{ id: '2' }], true, { id: '3' }];
  expect(parseRecordsResponse({ records }).rows).toEqual([{ id: '1' }, { id: '3' }]);
});

test('ten thousand rows are read, and more are refused: a page has a thousand', () => {
  const rows = Array.from({ length: 10_001 }, () => ({}));
  expect(parseRecordsResponse({ records: rows.slice(1) }).rows).toHaveLength(10_000);
  expect(errorOf({ records: rows })).toMatchObject({
    code: 'UPSTREAM_MALFORMED',
    message: 'Vonage answered 200 with more than 10000 rows.',
  });
});

test('a page by date with more than ten thousand rows is refused as well', async () => {
  const records = Array.from({ length: 10_001 }, () => ({}));
  await expect(parsePageResponse({ records })).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' });
  expect((await parsePageResponse({ records: records.slice(1) })).rows).toHaveLength(10_000);
});

describe('what is no records response', () => {
  test.each<unknown>([
    undefined,
    null,
    true,
    7,
    'text',
    [],
    [{ records: [] }],
    {},
    { records: null },
    { records: {} },
    { records: 'none' },
    { records: undefined, ids_not_found: '' },
    { records: null, ids_not_found: ' , ' },
    { records: {}, ids_not_found: 'a' },
    { title: 'Unauthorized' },
    JSON.parse('{"__proto__":{"records":[]}}'),
  ])('%j is refused', (body) => {
    expect(errorOf(body)).toMatchObject({
      code: 'UPSTREAM_MALFORMED',
      message: 'Vonage answered 200 without a list of records.',
      upstream: { status: 200 },
    });
  });

  test.each<unknown>([true, 1.5, 2 ** 53, { a: 1 }])(
    'ids_not_found as %j is a failure of the other ids, and keeps the rows, which were billed',
    (missing) => {
      const { rows, idsNotFound, failure, omitted } = parseRecordsResponse({
        records: [{ id: '1' }],
        ids_not_found: missing,
      });
      expect([rows, idsNotFound, omitted]).toEqual([[{ id: '1' }], [], []]);
      expect(failure).toMatchObject({
        code: 'UPSTREAM_MALFORMED',
        message: 'Vonage answered 200 whose ids_not_found is neither text nor a list.',
      });
    },
  );

  test('is not repeated in the error', () => {
    const error = errorOf({ records: 'api_secret=hunter2', ids_not_found: 'https://internal.example' });
    expect(`${error.message} ${JSON.stringify(error.extensions)}`).not.toMatch(/hunter2|internal/);
  });
});

test('a __proto__ key stays a key', () => {
  const { rows } = parseRecordsResponse(JSON.parse('{"records":[{"__proto__":{"polluted":1},"id":"1"}]}'));
  expect(Object.keys(rows[0] ?? {})).toEqual(['__proto__', 'id']);
  expect(rows[0]?.polluted).toBeUndefined();
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('whatever JSON says is read, or refused as malformed', () => {
  const records = fc.array(fc.jsonValue());
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      records: fc.oneof(records, fc.jsonValue()),
      ids_not_found: fc.oneof(fc.string(), fc.jsonValue()),
    }),
  );
  fc.assert(
    fc.property(body, (each) => {
      try {
        const { rows, idsNotFound } = parseRecordsResponse(each);
        expect(rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))).toBe(
          true,
        );
        expect(idsNotFound.every((id) => id !== '' && id === id.trim() && !id.includes(','))).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ name: 'GatewayError', code: 'UPSTREAM_MALFORMED' });
      }
    }),
    { numRuns: 500 },
  );
});

function errorOf(body: unknown): GatewayError {
  try {
    parseRecordsResponse(body);
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('Expected a GatewayError');
}

test('rejects rows nested so deeply that a recursive walk would fail', () => {
  const nested = (depth: number): unknown =>
    JSON.parse(`{"records":[${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}]}`);
  expect(parseRecordsResponse(nested(30)).rows).toHaveLength(1);
  expect(parseRecordsResponse(nested(5000)).failure?.message).toContain('nested too deeply');
});

test('does not take an id for missing whose row is no object', () => {
  const failure = { code: 'UPSTREAM_MALFORMED' };
  expect(parseRecordsResponse({ records: [{ message_id: 'a' }, null] }).failure).toMatchObject(failure);
  expect(parseRecordsResponse({ records: ['row'] }).failure?.message).toContain('no object');
  const { rows, idsNotFound } = parseRecordsResponse({ records: [[]], ids_not_found: 'b' });
  expect([rows, idsNotFound]).toEqual([[], ['b']]);
});

test.each([
  ['keys', () => Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`key${index}`, 1]))],
  ['list entries', () => ({ a: Array(1001).fill(1) })],
  ['characters', () => ({ a: 'x'.repeat(50_000), b: 'x'.repeat(50_001) })],
  ['characters in its keys', () => ({ ['x'.repeat(100_001)]: 1 })],
])('omits a row that has too many %s, keeps the other rows, and reports the loss', (_what, row) => {
  const { rows, failure } = parseRecordsResponse({
    records: [{ message_id: 'a' }, row(), { message_id: 'b' }],
  });
  expect(rows).toEqual([{ message_id: 'a' }, { message_id: 'b' }]);
  expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', upstream: { status: 200 } });
});
