import { readFileSync } from 'node:fs';
import { Direction, Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import type { WireRow } from '../../src/records/base.js';
import { noDateQuirks } from '../../src/simulator/date-query.js';
import type { Simulator } from '../../src/simulator/simulator.js';
import { ask, get, nowMs, type Parameters, type SimulatorAnswer, startSimulator } from './ask-simulator.js';

interface SheetProduct {
  readonly product: Product;
  readonly direction: 'required' | 'optional' | 'invalid';
  readonly filters: readonly {
    readonly name: string;
    readonly type: string;
    readonly values?: readonly string[];
    readonly window: 'required' | 'optional' | 'refused' | 'unlisted';
  }[];
}

/** What Vonage documents of each product's filters, gathered without looking at the simulator. */
const sheet = (
  JSON.parse(
    readFileSync(new URL('../../schema/vonage/products.json', import.meta.url), 'utf8'),
  ) as SheetProduct[]
).filter(({ filters }) => filters.some(({ window }) => window === 'required'));

/** Parameters of every product, which other tests check. */
const common = [
  ...['product', 'account_id', 'id', 'direction', 'date_start', 'date_end', 'cursor', 'iv'],
  ...['include_message', 'show_concatenated'],
];
const ownFilters = sheet.flatMap((each) =>
  each.filters
    .filter(({ name, window }) => window === 'optional' && !common.includes(name))
    .map((filter) => ({ ...filter, product: each.product })),
);
const filtersByPlace = ownFilters.flatMap((each) =>
  directionsOf(each.product).map((direction) => ({ ...each, direction })),
);
const allFilters = [...new Set(sheet.flatMap(({ filters }) => filters.map(({ name }) => name)))].filter(
  (name) => !common.includes(name),
);
const day = { date_start: '2026-01-05T00:00:00Z', date_end: '2026-01-06T00:00:00Z' };
const calls = { product: 'VOICE-CALL', ...day };

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ eventsPerType: 30 });
});

afterEach(() => simulator.faults.clear());

afterAll(() => simulator.close());

describe('the pages of a query by date', () => {
  test('lead from one to the next by cursor and iv, and hold every row once', async () => {
    simulator.faults.maxPageRows = 8;
    const pages = await walk(calls);
    expect(pages.map(({ body }) => [body.request_status, body.items_count])).toEqual([
      ['TRUNCATED', 8],
      ['TRUNCATED', 8],
      ['TRUNCATED', 8],
      ['SUCCESS', 6],
    ]);
    expect(rowsIn(pages)).toEqual(simulator.dataset.list(Product.VOICE_CALL, null));
    for (const name of ['cursor', 'iv']) expect(pages.at(-1)?.body).not.toHaveProperty(name);
    expect(pages.at(-1)?.body._links).not.toHaveProperty('next');
  });

  test('name no further page where the last one is full', async () => {
    simulator.faults.maxPageRows = 15;
    expect((await walk(calls)).map(({ body }) => body.items_count)).toEqual([15, 15]);
  });

  test('are named by texts in URL-safe base64 that say nothing of the query', async () => {
    simulator.faults.maxPageRows = 8;
    const { body } = await ask(simulator, { ...calls, from: String(firstCall().from), country: 'GB' });
    const whole = await ask(simulator, { ...calls });
    expect(body.request_status).toBe('SUCCESS');
    for (const text of [whole.body.cursor, whole.body.iv]) {
      expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(Buffer.from(String(text), 'base64url').toString()).not.toContain('VOICE');
    }
  });

  test('have the cursor before the rows, so that a cut response can hold it', async () => {
    simulator.faults.maxPageRows = 8;
    const text = await (await get(simulator, search(calls))).text();
    expect(text.indexOf('"cursor"')).toBeGreaterThan(0);
    expect(text.indexOf('"iv"')).toBeLessThan(text.indexOf('"records"'));
  });

  test('link to the next one with every parameter of the first', async () => {
    simulator.faults.maxPageRows = 8;
    const { body } = await ask(simulator, { ...calls, country: 'GB' });
    const next = nextLink(body);
    expect(next.origin + next.pathname).toBe('https://api.nexmo.com/v2/reports/records');
    expect(Object.fromEntries(next.searchParams)).toEqual({
      account_id: 'abcd1234',
      ...calls,
      country: 'GB',
      cursor: body.cursor,
      iv: body.iv,
    });
    const followed = await get(simulator, next.searchParams);
    expect([followed.status, (await followed.json()).items_count]).toEqual([200, 8]);
  });

  test('are the same from a second simulator, which the chain can go on in', async () => {
    await using other = await startSimulator({ eventsPerType: 30 });
    for (const each of [simulator, other]) each.faults.maxPageRows = 8;
    const [first] = await walk(calls, 1);
    const next = pageAfter(calls, first);
    expect(rowsIn([await ask(other, next)])).toEqual(rowsIn([await ask(simulator, next)]));
  });

  test('show a row that is added while they are read once, on the last of them', async () => {
    await using own = await startSimulator({ eventsPerType: 4 });
    own.faults.maxPageRows = 2;
    const [first] = await walk(calls, 1, own);
    const added = { account_id: 'abcd1234', call_id: 'late', date_start: '2026-01-05T08:00:00+0000' };
    own.dataset.add({ product: Product.VOICE_CALL, direction: Direction.INBOUND, row: added });
    const rest = await walk(pageAfter(calls, first), 9, own);
    expect(rest.map(({ body }) => body.items_count)).toEqual([2, 1]);
    expect(rowsIn(rest).at(-1)).toEqual(added);
    expect(new Set(rowsIn([...(first ? [first] : []), ...rest])).size).toBe(5);
  });

  test('repeat the dates and filters as they were sent', async () => {
    const { body } = await ask(simulator, { ...calls, status: 'ANSWERED' });
    expect(body).toMatchObject({ ...day, status: 'ANSWERED', account_id: 'abcd1234' });
  });

  test('are counted with their parameters, and their rows as billed by date', async () => {
    simulator.log.clear();
    simulator.faults.maxPageRows = 20;
    await walk({ ...calls, country: 'GB' });
    await ask(simulator, { product: 'VOICE-CALL', id: String(firstCall().call_id) });
    expect([simulator.log.billedRows, simulator.log.rowsBilledByDate]).toEqual([31, 30]);
    const { cursor, iv, ...parameters } = simulator.log.calls[1]?.parameters ?? {};
    expect(parameters).toEqual({ account_id: 'abcd1234', ...calls, country: 'GB' });
    expect([typeof cursor, typeof iv]).toEqual(['string', 'string']);
  });
});

describe('a cursor', () => {
  let next: Record<string, string>;

  beforeAll(async () => {
    simulator.faults.maxPageRows = 8;
    const [first] = await walk(calls, 1);
    next = pageAfter(calls, first);
  });

  test.each([
    ['cursor', 'is required with iv'],
    ['iv', 'is required with cursor'],
  ])('without its other half is refused: no %s', async (missing, reason) => {
    const { [missing]: _, ...rest } = next;
    expect(await refusalOf(rest)).toEqual(parameterProblem(missing, reason));
  });

  test('that was never given is refused, however it is made', async () => {
    const { cursor = '', iv = '' } = next;
    const forged = [
      { cursor: '' },
      { iv: '' },
      { cursor: 'YQ' },
      { cursor: cursor.slice(0, -4) },
      { cursor: `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}` },
      { iv: 'AAAAAAAAAAAAAAAA' },
      { iv: `${iv}AAAA` },
      { cursor: iv, iv: cursor },
    ];
    for (const change of forged)
      expect(await refusalOf({ ...next, ...change })).toEqual(
        parameterProblem('cursor', 'is not valid with this iv'),
      );
  });

  test.each([
    ['date_end', { date_end: '2026-01-05T23:00:00Z' }],
    ['product', { product: 'VOICE-FAILED' }],
    ['country', { country: 'GB' }],
  ])('goes with the parameters that it was given for: another %s is refused', async (name, change) => {
    expect(await refusalOf({ ...next, ...change })).toEqual(
      parameterProblem('cursor', `belongs to a query with another ${name}`),
    );
  });

  test('needs every parameter of the first page', async () => {
    const { date_start: _, ...rest } = next;
    expect(await refusalOf(rest)).toEqual(parameterProblem('date_start', 'is required'));
  });
});

describe('a date', () => {
  test.each(['2026-01-05 00:00:00Z', '2026-1-5T00:00:00Z', '2026-01-05T00:00Z', '2026-01-05T00:00:00'])(
    'must have the documented format: %s has not',
    async (date_start) => {
      expect(await refusalOf({ ...calls, date_start })).toEqual(
        parameterProblem('date_start', 'must be a date and time in ISO 8601 format'),
      );
    },
  );

  test.each([nowMs, nowMs + 60_000])('must be past where a range begins', async (startMs) => {
    const date_start = new Date(startMs).toISOString();
    expect(await refusalOf({ product: 'AMD', date_start })).toEqual(
      parameterProblem('date_start', 'must be in the past'),
    );
  });

  test('may be in the future where a range ends, unless the test asks for refusals', async () => {
    const query = { ...calls, date_end: new Date(nowMs + 60_000).toISOString() };
    expect((await ask(simulator, query)).body.items_count).toBe(30);
    simulator.faults.dateQuirks.refusesFutureEnd = true;
    expect(await refusalOf(query)).toEqual(parameterProblem('date_end', 'must be in the past'));
  });

  test('that is refused comes with the time of the simulator, or with none', async () => {
    const query = { product: 'AMD', date_start: new Date(nowMs + 60_000).toISOString() };
    const dated = await ask(simulator, query);
    simulator.faults.dateQuirks.omitsDateHeader = true;
    const dateless = await ask(simulator, query);
    expect([dated.status, dated.headers.get('date')]).toEqual([422, new Date(nowMs).toUTCString()]);
    expect([dateless.status, dateless.headers.get('date')]).toEqual([422, null]);
  });

  test('can be left out, unless the test asks for refusals', async () => {
    expect((await ask(simulator, { product: 'VOICE-CALL' })).body.items_count).toBe(30);
    simulator.faults.dateQuirks.requiresDates = true;
    expect(await refusalOf({ product: 'VOICE-CALL' })).toEqual(parameterProblem('date_start', 'is required'));
    const { date_start } = day;
    expect(await refusalOf({ product: 'VOICE-CALL', date_start })).toEqual(
      parameterProblem('date_end', 'is required'),
    );
  });
});

describe('a filter', () => {
  test.each(filtersByPlace)(
    'of $product $direction finds the rows that have its value, and no others: $name',
    async ({ product, direction, name, values = ['any'] }) => {
      const field = name === 'country' && product === Product.NETWORK_API_EVENT ? 'country_code' : name;
      const rows = simulator.dataset.list(product, direction).filter((row) => isOn(row, product));
      const shown = rows.map((row) => row[field]).find((each) => typeof each === 'string' && each !== '');
      const hidden = hiddenFilters[[product, direction, name].filter(Boolean).join(' ')];
      const { status, body } = await ask(simulator, {
        ...queryOf(product, direction),
        [name]: String(shown ?? hidden?.value ?? values[0]),
      });
      const found = hidden?.value ? rows : rows.filter((row) => shown && row[field] === shown);
      expect([status, body.records.map((row) => row.id)]).toEqual([200, found.map((row) => row.id)]);
      expect(found.length > 0).toBe(hidden?.value !== null);
    },
  );

  test.each(ownFilters.filter(({ values }) => !values))(
    'of $product finds nothing where no row has its value: $name',
    async ({ product, name }) => {
      const query = queryOf(product, directionsOf(product)[0]);
      const { status, body } = await ask(simulator, { ...query, [name]: 'no such value' });
      expect([status, body.records]).toEqual([200, []]);
    },
  );

  test.each(ownFilters.filter(({ values }) => values))(
    'of $product takes the documented values only: $name',
    async ({ product, name, values = [] }) => {
      const query = queryOf(product, directionsOf(product)[0]);
      for (const value of values)
        expect((await ask(simulator, { ...query, [name]: value })).status).toBe(200);
      const refusal = await refusalOf({ ...query, [name]: 'sideways' });
      const [{ reason = '' } = {}] = refusal.invalid_parameters as readonly { reason?: string }[];
      expect(reason.replace('must be one of ', '').split(', ').toSorted()).toEqual(values.toSorted());
    },
  );

  test.each(sheet.map(({ product }) => product))(
    'that %s does not take is refused by name, as is any unknown parameter',
    async (product) => {
      const taken = ownFilters.filter((each) => each.product === product).map(({ name }) => name);
      const refused = [...allFilters, 'limit', 'constructor'].filter((name) => !taken.includes(name));
      const query = queryOf(product, directionsOf(product)[0]);
      const [one = ''] = refused;
      expect(await refusalOf({ ...query, [one]: 'a' })).toEqual(filterProblem(one));
      const all = Object.fromEntries([...taken, ...refused].map((name) => [name, 'a']));
      expect(await refusalOf({ ...query, ...all })).toEqual(filterProblem(...refused));
    },
  );

  test('that is empty is refused', async () => {
    expect(await refusalOf({ ...calls, from: '' })).toEqual(parameterProblem('from', 'must not be empty'));
  });

  test('narrows what another one leaves', async () => {
    const { from, network } = firstCall();
    const one = await ask(simulator, { ...calls, from: String(from), network: String(network) });
    const none = await ask(simulator, { ...calls, from: String(from), network: 'elsewhere' });
    expect([one.body.records, none.body.records]).toEqual([[firstCall()], []]);
  });
});

describe('the direction of a query by date', () => {
  test.each(sheet.map(({ product, direction }) => [product, direction] as const))(
    'of %s is %s',
    async (product, rule) => {
      const without = await ask(simulator, { product, ...day });
      const inbound = await ask(simulator, { product, ...day, direction: 'inbound' });
      expect([without.status, inbound.status]).toEqual(
        { required: [422, 200], optional: [200, 200], invalid: [200, 422] }[rule],
      );
      if (inbound.status === 200)
        expect(inbound.body.records.filter((row) => row.direction !== 'inbound')).toEqual([]);
    },
  );
});

describe('the link to the next page', () => {
  test('can lose parameters, and the simulator then refuses it', async () => {
    simulator.faults.maxPageRows = 8;
    simulator.faults.dateQuirks.nextLinkOmits = ['date_start', 'iv'];
    const { body } = await ask(simulator, calls);
    const link = nextLink(body).searchParams;
    expect([...link.keys()].toSorted()).toEqual(['account_id', 'cursor', 'date_end', 'product']);
    expect((await get(simulator, link)).status).toBe(422);
    link.set('iv', String(body.iv));
    expect(await refusalOf(Object.fromEntries(link))).toEqual(parameterProblem('date_start', 'is required'));
  });
});

describe('a page that is cut', () => {
  test.each(['arrives', 'lost'] as const)(
    'holds whole rows up to the cut, and its cursor %s; all of it is billed',
    async (cursor) => {
      simulator.log.clear();
      simulator.faults.maxPageRows = 8;
      simulator.faults.plan({ kind: 'cut', rows: 3, cursor }, 1);
      const response = await get(simulator, search(calls));
      const text = await textBeforeCut(response);
      const whole = simulator.dataset.list(Product.VOICE_CALL, null).slice(0, 3);
      expect(JSON.parse(`${text.slice(text.indexOf('['), text.lastIndexOf(','))}]`)).toEqual(whole);
      for (const name of ['"cursor"', '"iv"', '"next"'])
        expect(text.includes(name)).toBe(cursor === 'arrives');
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(simulator.log.billedRows).toBe(8);
    },
  );
});

describe('a day of many rows', () => {
  const smsDay = { product: Product.SMS, direction: Direction.OUTBOUND, day: '2025-11-30', count: 2500 };
  const query = {
    ...{ product: 'SMS', direction: 'outbound' },
    ...{ date_start: '2025-11-30T00:00:00Z', date_end: '2025-12-01T00:00:00Z' },
  };

  test('is the same in every run, holds as many rows as are asked for, and each is found by its id', async () => {
    await using own = await startSimulator({ eventsPerType: 0 });
    const rows = own.dataset.addDay(smsDay);
    expect(rows.slice(0, 100)).toEqual(simulator.dataset.addDay({ ...smsDay, count: 100 }));
    const pages = await walk(query, 9, own);
    expect(pages.map(({ body }) => body.items_count)).toEqual([1000, 1000, 500]);
    expect([own.log.calls.length, own.log.billedRows]).toEqual([3, 2500]);
    const ids = rows.map((row) => String(row.message_id));
    expect(new Set(ids).size).toBe(2500);
    for (const id of [ids[0], ids[1249], ids[2499]]) {
      const { body } = await ask(own, { product: 'SMS', direction: 'outbound', id: String(id) });
      expect(body.records.map((row) => row.message_id)).toEqual([id]);
    }
  });

  test.each(sheet.map(({ product }) => product))('can be one of %s', async (product) => {
    await using own = await startSimulator({ eventsPerType: 0 });
    for (const direction of directionsOf(product)) {
      own.dataset.addDay({ product, direction, day: '2025-12-24', count: 7 });
      own.dataset.addDay({ product, direction, day: '2025-12-25', count: 3 });
      const onDay = await ask(own, {
        product,
        ...(direction && { direction }),
        ...{ date_start: '2025-12-24T00:00:00Z', date_end: '2025-12-25T00:00:00Z' },
      });
      expect(onDay.body.items_count).toBe(7);
    }
    expect(own.dataset.ids(product).length).toBeGreaterThan(1);
  });

  test('comes in no order of time', async () => {
    const rows = simulator.dataset.addDay({ ...smsDay, day: '2025-11-29', count: 20 });
    const times = rows.map((row) => String(row.date_received));
    expect(times).not.toEqual(times.toSorted());
  });

  test('can have a page of 12 MB, with every character outside ASCII escaped', async () => {
    await using own = await startSimulator({ eventsPerType: 0 });
    const values = { message_body: 'ж'.repeat(1900) };
    own.dataset.addDay({ ...smsDay, count: 1000, values });
    own.faults.dateQuirks.escapesText = true;
    const response = await get(own, search({ ...query, include_message: 'true' }));
    const text = await response.text();
    expect(Buffer.byteLength(text)).toBeGreaterThan(12_000_000);
    expect(/^[\x20-\x7e]*$/.test(text)).toBe(true);
    expect(JSON.parse(text).records[999].message_body).toBe(values.message_body);
  });

  test('is refused for what has no record type', () => {
    expect(() => simulator.dataset.addDay({ ...smsDay, direction: null })).toThrow(
      'Expected a record type, got: SMS null',
    );
  });
});

test('every quirk ends when the faults are cleared', () => {
  Object.assign(simulator.faults.dateQuirks, {
    ...{ nextLinkOmits: ['iv'], requiresDates: true, refusesFutureEnd: true },
    ...{ omitsDateHeader: true, escapesText: true },
  });
  simulator.faults.clear();
  expect(simulator.faults.dateQuirks).toEqual(noDateQuirks);
});

/**
 * Filters by something that no row shows. Every row has the value; where it is null, only rows of the other direction
 * have any.
 */
const hiddenFilters: Readonly<Record<string, { readonly value: string | null } | undefined>> = {
  'ASR country': { value: 'GB' },
  'ASR network': { value: '23410' },
  'CONVERSATION-EVENT status': { value: 'SUCCESS' },
  'SMS inbound status': { value: null },
  'SMS inbound account_ref': { value: null },
  'MESSAGES inbound status': { value: null },
  'MESSAGES inbound country': { value: null },
};

function queryOf(product: Product, direction: Direction | null = null): Record<string, string> {
  return { product, ...day, ...(direction && { direction }) };
}

function directionsOf(product: Product): readonly (Direction | null)[] {
  return rulesOf(product).direction === 'required' ? Object.values(Direction) : [null];
}

function firstCall(): WireRow {
  return simulator.dataset.list(Product.VOICE_CALL, null)[0] ?? {};
}

function isOn(row: WireRow, product: Product): boolean {
  return String(row[rulesOf(product).dateField ?? '']).startsWith('2026-01-05');
}

/** Asks for page after page, as long as there is a next one and at most so many. */
async function walk(query: Parameters, atMost = 9, of = simulator): Promise<SimulatorAnswer[]> {
  const answer = await ask(of, query);
  const hasNext = answer.body.request_status === 'TRUNCATED' && atMost > 1;
  return [answer, ...(hasNext ? await walk(pageAfter(query, answer), atMost - 1, of) : [])];
}

function pageAfter(query: Parameters, answer: SimulatorAnswer | undefined): Record<string, string> {
  return { ...query, cursor: String(answer?.body.cursor), iv: String(answer?.body.iv) };
}

function rowsIn(answers: readonly SimulatorAnswer[]): readonly WireRow[] {
  return answers.flatMap(({ body }) => body.records);
}

function search(query: Parameters): URLSearchParams {
  return new URLSearchParams({ account_id: 'abcd1234', ...query });
}

function nextLink(body: SimulatorAnswer['body']): URL {
  return new URL((body._links as { readonly next: { readonly href: string } }).next.href);
}

async function refusalOf(query: Parameters): Promise<SimulatorAnswer['body']> {
  const { status, body } = await ask(simulator, query);
  expect(status).toBe(422);
  return body;
}

function parameterProblem(name: string, reason: string): object {
  return { title: 'Unprocessable entity', invalid_parameters: [{ name, reason }] };
}

function filterProblem(...names: string[]): object {
  return {
    type: 'https://developer.nexmo.com/api-errors/reports#invalid-filter',
    title: 'Invalid filter',
    detail: `These filters cannot be used here: ${names.join(', ')}`,
    instance: expect.any(String),
  };
}

async function textBeforeCut(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  const reader = response.body?.getReader();
  await expect(
    (async () => {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        chunks.push(part.value);
    })(),
  ).rejects.toThrow('terminated');
  return Buffer.concat(chunks).toString();
}
