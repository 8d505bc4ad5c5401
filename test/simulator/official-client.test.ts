import { Auth } from '@vonage/auth';
import { type AnyReportParams, Direction, Product, Reports, type SyncRecordsResponse } from '@vonage/reports';
import { Direction as OurDirection, Product as OurProduct } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { type Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { startSimulator } from './ask-simulator.js';

/** The vendor's enum of products, each with every direction that it must be asked with. */
const places = Object.values(Product).flatMap((product) =>
  product === Product.SMS || product === Product.MESSAGES
    ? [
        { product, direction: Direction.INBOUND },
        { product, direction: Direction.OUTBOUND },
      ]
    : [{ product }],
);
const window = { dateStart: '2026-01-05T00:00:00Z', dateEnd: '2026-01-06T00:00:00+00:00' };

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.close());

test('the vendor knows no product that we do not', () => {
  expect(Object.values(OurProduct)).toEqual(expect.arrayContaining(Object.values(Product)));
});

test.each(places)('the official client reads the rows of a day: %j', async (place) => {
  const answer = await records({ ...place, ...window });
  const rows = expectedRows(place);
  expect(rows.length).toBeGreaterThan(0);
  expect(answer).toMatchObject({
    requestStatus: 'SUCCESS',
    requestId: expect.any(String),
    receivedAt: expect.any(String),
    itemsCount: rows.length,
    product: place.product,
  });
  expect(answer.links?.self.href).toContain(`product=${place.product}`);
  expect(answer.records).toEqual(rows.map(camelCased));
});

test.each(places)('the official client reads every row of a day, page after page: %j', async (place) => {
  simulator.log.clear();
  simulator.faults.maxPageRows = 2;
  const pages = await readDay({ ...place, ...window });
  simulator.faults.clear();
  const rows = expectedRows(place);
  expect(pages.flatMap((page) => page.records)).toEqual(rows.map(camelCased));
  expect(pages.length).toBe(Math.ceil(rows.length / 2));
  expect(pages.map((page) => page.requestStatus)).toEqual(
    pages.map((_, index) => (index < pages.length - 1 ? 'TRUNCATED' : 'SUCCESS')),
  );
  expect(simulator.log.billedRows).toBe(rows.length);
});

test('the official client reads a day of 2,500 SMS with 3 calls, and 2,500 records are billed', async () => {
  await using own = await startSimulator({ eventsPerType: 0 });
  const outbound = OurDirection.OUTBOUND;
  const rows = own.dataset.addDay({
    product: OurProduct.SMS,
    direction: outbound,
    day: '2026-01-05',
    count: 2500,
  });
  const pages = await readDay({ product: Product.SMS, direction: Direction.OUTBOUND, ...window }, own);
  expect(pages.map((page) => page.itemsCount)).toEqual([1000, 1000, 500]);
  const shown = rows.map(({ message_body, concatenated, ...row }) => camelCased(row));
  expect(pages.flatMap((page) => page.records)).toEqual(shown);
  expect([own.log.calls.length, own.log.billedRows]).toEqual([3, 2500]);
});

test.each(places)('the official client reads rows by their ids: %j', async (place) => {
  const ids = simulator.dataset.ids(place.product as string as OurProduct, directionOf(place)).slice(-3);
  const answer = await records({ ...place, id: [...ids, 'unknown-b', 'unknown-a'].join(',') });
  expect(answer.idsNotFound?.split(',').toSorted()).toEqual(['unknown-a', 'unknown-b']);
  expect(answer.itemsCount).toBe(answer.records?.length);
  const idFields = rulesOf(place.product as string as OurProduct).idFields.map(camelCase);
  const responded = new Set(
    (answer.records ?? []).flatMap((row) => idFields.map((name) => Reflect.get(row, name) as string)),
  );
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.filter((id) => !responded.has(id))).toEqual([]);
});

test("the official client reads the vendor's sample by its id", async () => {
  const answer = await records({
    product: Product.SMS,
    direction: Direction.OUTBOUND,
    id: '15000000E1F8B123',
  });
  expect(answer.idsNotFound).toBeUndefined();
  expect(answer.records).toEqual([
    expect.objectContaining({
      accountId: 'abcd1234',
      messageId: '15000000E1F8B123',
      networkName: 'Telefonica UK Limited',
      totalPrice: '0.03330000',
      errorCodeDescription: 'Delivered',
    }),
  ]);
});

test('the official client reads the text of messages and the mark of split ones, when it asks for them', async () => {
  const query = { product: Product.SMS, direction: Direction.OUTBOUND, ...window };
  const plain = await records(query);
  const full = await records({ ...query, includeMessage: true, showConcatenated: true });
  const [names, allNames] = [plain, full].map(
    (each) => new Set(each.records?.flatMap((row) => Object.keys(row))),
  );
  expect(names?.has('messageBody') || names?.has('concatenated')).toBe(false);
  expect(allNames?.has('messageBody') && allNames.has('concatenated')).toBe(true);
});

test.each([
  ['a direction where there is none', { product: Product.AMD, direction: Direction.INBOUND }, 422],
  ['no direction where one is needed', { product: Product.SMS }, 422],
  ['another account', { product: Product.ASR, accountId: 'zzzz9999' }, 403],
])('the official client reports %s as its own kind of error', async (_, query, status) => {
  await expect(records(query)).rejects.toMatchObject({ response: { status } });
});

test('the official client reports a wrong secret', async () => {
  const wrong = clientWith('wrong');
  const call = wrong.getRecords({ product: Product.AMD, accountId: 'abcd1234' } as AnyReportParams);
  await expect(call).rejects.toMatchObject({ response: { status: 401 } });
});

/** A query in the vendor's own spelling; its types know neither `id` nor the dates of some products. */
type Query = { readonly product: Product; readonly direction?: Direction } & Readonly<
  Record<string, unknown>
>;

/** Every page of a range of dates; the client has no paging of its own. */
async function readDay(query: Query, of = simulator): Promise<SyncRecordsResponse[]> {
  const page = await records(query, of);
  const { requestStatus, cursor, iv } = page;
  const isLast = requestStatus !== 'TRUNCATED';
  return [page, ...(isLast ? [] : await readDay({ ...query, cursor, iv }, of))];
}

function records(query: Query, of = simulator): Promise<SyncRecordsResponse> {
  const client = clientWith(simulatorCredentials.apiSecret, of);
  return client.getRecords({
    accountId: simulatorCredentials.apiKey,
    ...query,
  } as unknown as AnyReportParams);
}

function clientWith(apiSecret: string, of = simulator): Reports {
  return new Reports(new Auth({ apiKey: simulatorCredentials.apiKey, apiSecret }), {
    apiHost: of.url,
  });
}

/** Rows of the window as the dataset holds them, without what is only sent on demand and without the old samples. */
function expectedRows(place: (typeof places)[number]): Readonly<Record<string, unknown>>[] {
  const rows = simulator.dataset.list(place.product as string as OurProduct, directionOf(place));
  const { dateField } = rulesOf(place.product as string as OurProduct);
  return rows
    .filter((row) => String(row[dateField ?? '']).startsWith('2026-01-05'))
    .map(({ message_body, concatenated, ...row }) => row);
}

function directionOf(place: Query): never {
  return (place.direction ?? null) as never;
}

function camelCased(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camelCase(name), value]));
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
