import { type AccessScope, accessScopes } from '../../src/access/principal.js';
import { Product } from '../../src/catalogue/product.js';
import { smsRows, startPages } from '../support/pages-upstream.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import type { Upstream } from '../vonage/upstream.js';

const since = '2026-01-01T00:00:00Z';
const until = '2026-01-02T00:00:00Z';

/** A field with these arguments in place of those of a list that works. */
function listWith(changes: Readonly<Record<string, string>>): string {
  const given = {
    product: 'SMS',
    direction: 'OUTBOUND',
    since: `"${since}"`,
    until: `"${until}"`,
    ...changes,
  };
  const sent = Object.entries(given).flatMap(([name, value]) => (value === '' ? [] : `${name}: ${value}`));
  return `{ recordsByDate(${sent.join(', ')}) { edges { cursor } nodes { id } pageInfo { endCursor } } }`;
}

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startPages(smsRows(1500));
  gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** Asks, and expects a refusal before anything is sent. */
async function expectRefusal(query: string, code: string, message: string) {
  const before = upstream.requests.length;
  const { errors } = await gateway.ask(query);
  expect(errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining(message),
      extensions: expect.objectContaining({ code }),
    }),
  ]);
  expect(upstream.requests).toHaveLength(before);
}

test.each([
  [{ direction: '' }, 'direction must be given: Vonage lists SMS by one direction at a time'],
  [{ product: 'VERIFY_API' }, 'direction must be left out: records of VERIFY_API have none'],
  [{ first: '0' }, 'first must be an integer from 1 to 1000, got: "0"'],
  [{ first: '1001' }, 'first must be an integer from 1 to 1000, got: "1001"'],
  [{ since: `"${until}"` }, 'since must be before the end of the window'],
  [{ since: '"2025-11-01T00:00:00Z"' }, 'since must be at most 31 days before until, got: 62 days'],
  [{ until: '"2999-01-01T00:00:00Z"' }, 'until must be at least a minute ago'],
  [{ since: '"2999-01-01T00:00:00Z"', until: '' }, 'since must be before the end of the window'],
  [{ accountId: '"a&b"' }, 'accountId must be 1 to 64 letters'],
  [{ where: '{ callId: "a" }' }, 'where.callId must be left out: SMS has no such filter'],
  [{ where: '{ status: "UNRECOGNIZED" }' }, 'where.status must be a value that Vonage knows'],
  [{ where: '{ from: "" }' }, 'where.from must be 1 to 200 visible characters'],
  [{ where: '{ from: " 1" }' }, 'where.from must be 1 to 200 visible characters'],
  [{ product: 'VOICE_CALL', where: '{ callId: "a,b" }' }, 'where.callId must be 1 to 128 letters'],
])('%j is refused by name, and nothing is sent', async (changes, message) => {
  await expectRefusal(listWith(changes as Record<string, string>), 'BAD_USER_INPUT', message);
});

describe('a cursor', () => {
  let cursor: string;
  beforeAll(async () => {
    const { data } = await gateway.ask(listWith({ first: '10' }));
    cursor = data.recordsByDate.pageInfo.endCursor;
  });

  /** The same cursor with one of its parts replaced. */
  function forged(index: number, value: unknown): string {
    const parts = JSON.parse(Buffer.from(cursor.slice(4), 'base64url').toString());
    parts[index] = value;
    return `vp1_${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
  }

  test.each([
    ['another account', { accountId: '"other123"' }, 'its accountId differs'],
    ['another product', { product: 'MESSAGES' }, 'its product differs'],
    ['another direction', { direction: 'INBOUND' }, 'its direction differs'],
    ['another begin', { since: '"2025-12-31T00:00:00Z"' }, 'its since differs'],
    ['an earlier end', { until: '"2026-01-01T12:00:00Z"' }, 'its until differs'],
    ['another filter', { where: '{ country: "GB" }' }, 'its where differs'],
  ])('of a list with %s is refused', async (_name, changes, message) => {
    const query = listWith({ ...(changes as Record<string, string>), after: `"${cursor}"` });
    await expectRefusal(query, 'BAD_USER_INPUT', message);
  });

  test.each([
    ['that is cut', () => cursor.slice(0, -4), 'It is cut, changed, or of another field'],
    ['that is empty', () => '', 'must be a cursor'],
    ['that is a global id', () => 'vr1_abc', 'must be a cursor'],
    ['that is too long', () => `vp1_${'A'.repeat(20_000)}`, 'of at most 16384 characters'],
    ['of another version', () => cursor.replace('vp1_', 'vp0_'), 'of another version of this gateway'],
    ['with other bytes behind it', () => `${cursor}=`, 'It is cut, changed'],
    ['with a window of 13 months', () => forged(3, Date.UTC(2024, 11, 1)), 'its since differs'],
    ['whose window ends in the future', () => forged(4, Date.UTC(2999, 0, 1)), 'its until differs'],
    ['with `&` in its iv', () => forgedStart('c1', 'i1&date_start=2020'), 'It is cut, changed'],
    ['without its iv', () => forgedStart('c1', null), 'It is cut, changed'],
    ['with a negative place', () => forged(9, -1), 'It is cut, changed'],
    ['with a fractional place', () => forged(9, 0.5), 'It is cut, changed'],
  ])('%s is refused by name', async (_name, text, message) => {
    await expectRefusal(listWith({ after: JSON.stringify(text()) }), 'BAD_USER_INPUT', message);
  });

  function forgedStart(start: unknown, iv: unknown): string {
    const withStart = forged(7, start);
    const parts = JSON.parse(Buffer.from(withStart.slice(4), 'base64url').toString());
    parts[8] = iv;
    return `vp1_${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
  }

  test('that was forged asks for nothing that its caller could not ask for without it', async () => {
    const { data, errors } = await gateway.ask(
      listWith({ after: JSON.stringify(forged(9, 990)), first: '50' }),
    );
    expect(errors).toEqual([]);
    expect(data.recordsByDate.nodes).toHaveLength(10);
  });
});

test('six lists in one operation are refused before any is bought', async () => {
  const field = listWith({}).slice(1, -1);
  const six = Array.from({ length: 6 }, (_, index) => `list${index}: ${field}`).join(' ');
  await expectRefusal(`{ ${six} }`, 'QUERY_TOO_COMPLEX', 'asks for 6 lists by date; at most 5 are allowed');
});

describe('permissions', () => {
  async function gatewayWith(without: AccessScope): Promise<TestGateway> {
    const anonymousScopes = accessScopes.filter((scope) => scope !== without);
    return startTestGateway({ config: { vonage: { baseUrl: upstream.url }, auth: { anonymousScopes } } });
  }

  test('a caller without records:range lists nothing', async () => {
    await using limited = await gatewayWith('records:range');
    const before = upstream.requests.length;
    const { errors } = await limited.ask(listWith({}));
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('takes the scope records:range'),
      extensions: { code: 'FORBIDDEN' },
    });
    expect(upstream.requests).toHaveLength(before);
  });

  test('a caller who sees numbers masked cannot find them out with a filter', async () => {
    await using limited = await gatewayWith('records:numbers');
    const before = upstream.requests.length;
    for (const name of ['from', 'to']) {
      const { errors } = await limited.ask(listWith({ where: `{ ${name}: "447700900123" }` }));
      expect(errors[0]).toMatchObject({
        message: `This caller may not filter by where.${name}; that takes the scope records:numbers.`,
        extensions: { code: 'FORBIDDEN' },
      });
    }
    expect(upstream.requests).toHaveLength(before);
    const { data } = await limited.ask(
      listWith({ first: '1' }).replace('{ id }', '{ ... on SmsOutboundRecord { to } }'),
    );
    expect(data.recordsByDate.nodes).toEqual([{ to: '44********23' }]);
  });

  test('a caller lists no product and no account but its own, also not with the cursor of another caller', async () => {
    const ofSms = {
      scopes: ['records:read', 'records:range'],
      products: [Product.SMS],
      accounts: ['efgh5678'],
    } as const;
    await using limited = await startTestGateway({
      config: { vonage: { baseUrl: upstream.url }, ...tokensFor({ own: ofSms }) },
    });
    const before = upstream.requests.length;
    const { data } = await gateway.ask(listWith({ first: '10' }));
    const { endCursor } = data.recordsByDate.pageInfo;
    const bought = upstream.requests.length - before;
    for (const [changes, message] of [
      [{ accountId: '"abcd1234"' }, 'This caller may not read records of account abcd1234.'],
      [{ accountId: '"abcd1234"', after: `"${endCursor}"` }, 'This caller may not read records of account'],
      [{ product: 'VERIFY_API', direction: '' }, 'This caller may not read records of VERIFY_API.'],
      [{ after: `"${endCursor}"` }, 'its accountId differs'],
    ] as const) {
      const { errors } = await limited.ask(listWith(changes), {}, authorizationOf('own'));
      expect(errors.map((error) => error.message)).toEqual([expect.stringContaining(message)]);
    }
    expect(upstream.requests).toHaveLength(before + bought);
  });

  test('in production the anonymous caller has no right to list', async () => {
    await using production = await startTestGateway({
      config: { production: true, vonage: { baseUrl: upstream.url } },
    });
    const { errors } = await production.ask(listWith({}));
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('a daily quota of 3,000 records', () => {
  test('is never exceeded by 50 parallel callers, each of whom wants another page', async () => {
    await using own = await startPages(smsRows(1500));
    await using limited = await startTestGateway({
      config: { vonage: { baseUrl: own.url }, auth: { callerRecordsPerDay: 3000 } },
    });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        limited.ask(listWith({ since: `"2026-01-01T00:00:${String(index).padStart(2, '0')}Z"` })),
      ),
    );
    expect(own.requests).toHaveLength(3);
    const refused = answers.filter(({ errors }) => errors[0]?.extensions.code === 'RATE_LIMITED');
    expect(refused).toHaveLength(47);
  });

  test('costs nothing for a page that another request of the caller is buying', async () => {
    await using own = await startPages(smsRows(1000));
    await using limited = await startTestGateway({
      config: { vonage: { baseUrl: own.url }, auth: { callerRecordsPerDay: 1000 } },
    });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => limited.ask(listWith({ first: '20' }))),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(own.requests).toHaveLength(1);
  });

  test('gets back what a page did not need', async () => {
    await using own = await startPages(smsRows(400));
    await using limited = await startTestGateway({
      config: { vonage: { baseUrl: own.url }, auth: { callerRecordsPerDay: 1800 } },
    });
    for (const second of ['01', '02', '03'])
      expect((await limited.ask(listWith({ since: `"2026-01-01T00:00:${second}Z"` }))).errors).toEqual([]);
    const { errors } = await limited.ask(listWith({ since: '"2026-01-01T00:00:04Z"' }));
    expect(errors[0]?.extensions.code).toBe('RATE_LIMITED');
  });
});
