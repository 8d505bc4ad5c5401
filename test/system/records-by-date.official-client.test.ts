import { Auth } from '@vonage/auth';
import { type AnyReportParams, Reports, type SyncRecordsResponse } from '@vonage/reports';
import { Direction, directionName, Product, productName } from '../../src/catalogue/product.js';
import { recordTypes } from '../../src/records/record-types.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/start-gateway.js';

/** A list that Vonage can be asked for. */
interface Place {
  readonly product: Product;
  readonly direction: Direction | null;
}

interface Window {
  readonly since: string;
  readonly until: string;
}

/** Every product but one: no source tells a field of MEETINGS, so the simulator has no rows of it. */
const places: readonly Place[] = recordTypes
  .filter(({ product }) => product !== Product.MEETINGS)
  .map(({ product, direction }) => ({ product, direction }));

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ simulator: { eventsPerType: 0, refusedProducts: [] } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

test.each(places)(
  'a day of $product $direction has the same rows through the official client and the gateway',
  async (place) => {
    // A tenth of the real size, which the next test has: what differs between products is not the number of rows.
    gateway.simulator.faults.maxPageRows = 100;
    await expectSameDay(place, [100, 100, 50]);
  },
);

test('a day of 2,500 SMS takes both of them 3 calls and 2,500 billed records', async () => {
  gateway.simulator.faults.clear();
  const place = { product: Product.SMS, direction: Direction.OUTBOUND };
  await expectSameDay(place, [1000, 1000, 500], '2026-02-04');
});

/** Adds rows to the day, and expects that both read all of it in pages of these sizes, each bought once. */
async function expectSameDay(place: Place, pages: readonly number[], day = '2026-02-03'): Promise<void> {
  const { simulator } = gateway;
  const count = pages.reduce((sum, rows) => sum + rows, 0);
  simulator.dataset.addDay({ ...place, day, count });
  const window = { since: `${day}T00:00:00Z`, until: `${day}T23:59:59Z` };
  const bill = () => [simulator.log.calls.length, simulator.log.billedRows];
  simulator.log.clear();
  const expected = (await dayOfClient(place, window)).map(inOneSpelling);
  expect([expected.length, ...bill()]).toEqual([count, pages.length, count]);
  simulator.log.clear();
  const { rows, costs } = await dayOfGateway(place, window);
  expect(bill()).toEqual([pages.length, count]);
  expect(costs).toEqual(pages.map((recordsBilled) => ({ calls: 1, recordsBilled })));
  // A page of the gateway is ordered by time, and Vonage's order is not documented.
  expect(rows.map(inOneSpelling).toSorted()).toEqual(expected.toSorted());
}

/** The day by the vendor's client, which has no paging of its own. */
async function dayOfClient(
  { product, direction }: Place,
  { since, until }: Window,
): Promise<readonly object[]> {
  const { apiKey, apiSecret } = simulatorCredentials;
  const client = new Reports(new Auth({ apiKey, apiSecret }), { apiHost: gateway.simulator.url });
  const day = { accountId: apiKey, product, dateStart: since, dateEnd: until };
  const rows: object[] = [];
  let next: Pick<SyncRecordsResponse, 'cursor' | 'iv'> = {};
  do {
    const query = { ...day, ...(direction && { direction }), ...next } as unknown as AnyReportParams;
    const { records = [], cursor, iv } = await client.getRecords(query);
    rows.push(...records);
    next = { ...(cursor && { cursor }), ...(iv && { iv }) };
  } while (next.cursor);
  return rows;
}

/** The day by the gateway, each row as Vonage sent it. */
async function dayOfGateway({ product, direction }: Place, { since, until }: Window) {
  const list = `query Day($after: String) {
    recordsByDate(
      product: ${productName(product)} ${direction ? `direction: ${directionName(direction)}` : ''}
      since: "${since}" until: "${until}" first: 1000 after: $after
    ) { nodes { raw } pageInfo { hasNextPage endCursor } }
  }`;
  const rows: object[] = [];
  const costs: object[] = [];
  let after: string | null = null;
  do {
    const answer: GraphqlAnswer = await gateway.ask(list, { after });
    const { data, errors, extensions } = answer;
    expect(errors).toEqual([]);
    const { nodes, pageInfo }: GraphqlAnswer['data'] = data.recordsByDate;
    rows.push(...nodes.map(({ raw }: { raw: object }) => raw));
    costs.push({ calls: extensions.vonage.calls, recordsBilled: extensions.vonage.recordsBilled });
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  return { rows, costs };
}

/** The vendor's client spells wire names in camel case. */
function inOneSpelling(row: object): string {
  const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const fields = Object.entries(row).map(([name, value]) => [camelCase(name), value] as const);
  return JSON.stringify(fields.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
