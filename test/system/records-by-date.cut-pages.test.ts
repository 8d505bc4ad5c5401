import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const list = `query List($since: DateTime!, $until: DateTime!, $first: Int = 1000, $after: String) {
  recordsByDate(product: SMS, direction: OUTBOUND, since: $since, until: $until, first: $first, after: $after) {
    nodes { vonageId } pageInfo { hasNextPage endCursor }
  }
}`;
const listWithTexts = list.replace('{ vonageId }', '{ ... on SmsOutboundRecord { messageBody } }');

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ simulator: { eventsPerType: 0 } });
});
beforeEach(() => {
  gateway.simulator.faults.clear();
  gateway.simulator.log.clear();
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Adds SMS to a day, and returns the window of that day. */
function addDay(day: string, count: number, values: object = {}) {
  const place = { product: Product.SMS, direction: Direction.OUTBOUND };
  gateway.simulator.dataset.addDay({ ...place, day, count, values: { ...values } });
  return { since: `${day}T00:00:00Z`, until: `${day}T23:59:59Z` };
}

describe('a page that is cut', () => {
  test('after its cursor arrived: its first rows are shown, and the list goes on behind it', async () => {
    const window = addDay('2026-02-03', 1500);
    gateway.simulator.faults.plan({ kind: 'cut', rows: 400, cursor: 'arrives' }, 1);
    const { data, errors, extensions } = await gateway.ask(list, window);
    const { nodes, pageInfo } = data.recordsByDate;
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([400, true]);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /was cut after 400 records\. The next page can be read with endCursor; the missing records .* billed and lost/,
        ),
        path: ['recordsByDate'],
      }),
    ]);
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 1000 });
    const rest = await gateway.ask(list, { ...window, after: pageInfo.endCursor });
    expect([rest.errors, rest.data.recordsByDate.nodes.length]).toEqual([[], 500]);
    expect(gateway.simulator.log.calls).toHaveLength(2);
  });

  test('before its cursor: its first rows are shown, the error says that nothing behind them can be read', async () => {
    const window = addDay('2026-02-04', 1500);
    gateway.simulator.faults.plan({ kind: 'cut', rows: 400, cursor: 'lost' }, 1);
    const { data, errors } = await gateway.ask(list, window);
    const { nodes, pageInfo } = data.recordsByDate;
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([400, false]);
    expect(errors[0]?.message).toMatch(/was cut after 400 records\. Its cursor did not arrive/);
    // Vonage began to answer and so billed the page: it is not asked for again.
    const again = await gateway.ask(list, window);
    expect([again.data.recordsByDate.nodes.length, again.errors.length]).toEqual([400, 1]);
    expect(gateway.simulator.log.calls).toHaveLength(1);
  });

  test('before its first row: the error stands alone, and the next page is bought where its cursor is known', async () => {
    const window = addDay('2026-02-05', 1500);
    gateway.simulator.faults.plan({ kind: 'cut', rows: 0, cursor: 'arrives' }, 1);
    const { data, errors } = await gateway.ask(list, window);
    const { nodes, pageInfo } = data.recordsByDate;
    expect([nodes, pageInfo.hasNextPage, errors[0]?.message]).toEqual([
      [],
      true,
      expect.stringContaining('was cut after 0 records'),
    ]);
    const rest = await gateway.ask(list, { ...window, after: pageInfo.endCursor });
    expect([rest.errors, rest.data.recordsByDate.nodes.length]).toEqual([[], 500]);
  });
});

describe('a page of a thousand long texts, each character of which Vonage escapes', () => {
  const text = (characters: number) => ({ message_body: 'é'.repeat(characters) });
  beforeEach(() => {
    gateway.simulator.faults.dateQuirks.escapesText = true;
  });

  test('is read whole at 12 MB', async () => {
    const window = addDay('2026-02-06', 1000, text(2000));
    const { data, errors } = await gateway.ask(listWithTexts, { ...window, first: 2 });
    const { nodes, pageInfo } = data.recordsByDate;
    expect([errors, nodes]).toEqual([[], Array(2).fill({ messageBody: 'é'.repeat(2000) })]);
    const rest = await gateway.ask(listWithTexts, { ...window, after: pageInfo.endCursor });
    expect([rest.errors, rest.data.recordsByDate.nodes.length]).toEqual([[], 998]);
    expect(gateway.simulator.log.calls).toHaveLength(1);
  });

  test('above 16 MiB shows the rows that fit, says so, and is not bought again', async () => {
    const window = addDay('2026-02-07', 1000, text(3000));
    const { data, errors, extensions } = await gateway.ask(listWithTexts, window);
    const shown = data.recordsByDate.nodes.length;
    expect(shown).toBeGreaterThan(800);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(`was cut after ${shown} records.*more than the gateway reads`),
        extensions: expect.objectContaining({ code: 'UPSTREAM_MALFORMED' }),
      }),
    ]);
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 1000 });
    expect((await gateway.ask(listWithTexts, window)).data.recordsByDate.nodes).toHaveLength(shown);
    expect(gateway.simulator.log.calls).toHaveLength(1);
  });
});
