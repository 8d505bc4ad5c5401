import { sendPage, smsRows, startPages } from '../support/pages-upstream.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const list = `query List($first: Int, $after: String, $until: DateTime = "2026-01-02T00:00:00Z", $where: RecordFilter) {
  recordsByDate(product: SMS, direction: OUTBOUND, since: "2026-01-01T00:00:00Z", until: $until, first: $first, after: $after, where: $where) {
    nodes { id vonageId occurredAt }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  readonly nodes: readonly { readonly id: string; readonly vonageId: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function pageOf(gateway: TestGateway, variables: object) {
  const { data, errors, extensions } = await gateway.ask(list, variables);
  expect(errors).toEqual([]);
  return { ...(data.recordsByDate as Page), cost: extensions.vonage };
}

/** All ids of the list, and what each page cost. */
async function readAll(gateway: TestGateway, first: number) {
  const ids: string[] = [];
  const costs: { readonly calls: number; readonly recordsBilled: number }[] = [];
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo, cost } = await pageOf(gateway, { first, after });
    ids.push(...nodes.map(({ vonageId }) => vonageId));
    costs.push(cost);
    if (!pageInfo.hasNextPage) return { ids, costs };
    after = pageInfo.endCursor;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

test('a day of 2,500 records is read to its end with 3 calls and 2,500 billed records, whatever `first` is', async () => {
  const rows = smsRows(2500);
  for (const first of [1000, 300]) {
    await using upstream = await startPages(rows);
    await using gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
    const { ids, costs } = await readAll(gateway, first);
    expect(ids).toEqual(rows.map(({ message_id: id }) => id));
    expect(upstream.requests).toHaveLength(3);
    expect(sum(costs.map(({ calls }) => calls))).toBe(3);
    expect(sum(costs.map(({ recordsBilled }) => recordsBilled))).toBe(2500);
  }
});

test('every page repeats the parameters of the first, with a cursor that was told', async () => {
  await using upstream = await startPages(smsRows(1500));
  await using gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
  await readAll(gateway, 1000);
  const asked = upstream.requests.map(({ parameters }) => Object.fromEntries(parameters));
  const common = {
    account_id: 'abcd1234',
    product: 'SMS',
    direction: 'outbound',
    date_start: '2026-01-01T00:00:00+00:00',
    date_end: '2026-01-02T00:00:00+00:00',
  };
  expect(asked).toEqual([common, { ...common, cursor: 'c1000', iv: 'i1000' }]);
});

test('fifty times twenty records of one page cost one call', async () => {
  await using upstream = await startPages(smsRows(1000));
  await using gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
  const { ids } = await readAll(gateway, 20);
  expect(new Set(ids).size).toBe(1000);
  expect(upstream.requests).toHaveLength(1);
});

test('fifty equal requests at once share one call', async () => {
  await using upstream = await startPages(smsRows(100));
  await using gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
  const pages = await Promise.all(Array.from({ length: 50 }, () => pageOf(gateway, { first: 20 })));
  expect(pages.every(({ nodes }) => nodes.length === 20)).toBe(true);
  expect(upstream.requests).toHaveLength(1);
  expect(sum(pages.map(({ cost }) => cost.recordsBilled))).toBe(100);
  expect(sum(pages.map(({ cost }) => cost.recordsFromPage))).toBe(49 * 20);
});

test('a record that a list has shown is found by its id without a call', async () => {
  await using upstream = await startPages(smsRows(10));
  await using gateway = await startTestGateway({
    config: { vonage: { baseUrl: upstream.url }, cache: { maxBytes: 10_000_000 } },
  });
  const { nodes } = await pageOf(gateway, { first: 10 });
  const { data, extensions } = await gateway.ask(
    'query ById($ids: [ID!]!) { records(ids: $ids, product: SMS) { idsNotFound nodes { id } } }',
    { ids: nodes.map(({ id }) => id) },
  );
  expect(data.records).toEqual({ idsNotFound: [], nodes: nodes.map(({ id }) => ({ id })) });
  expect(extensions.vonage).toMatchObject({ calls: 0, recordsFromCache: 10 });
});

test('a call that a list has shown is found by its id without a call, and the segments of its speech are asked', async () => {
  await using gateway = await startTestGateway({ config: { cache: { maxBytes: 10_000_000 } } });
  const firstOf = async (product: string) => {
    const { data } = await gateway.ask(`{ recordsByDate(product: ${product}, since: "2026-01-05T00:00:00Z",
      until: "2026-01-06T00:00:00Z", first: 1) { nodes { vonageId } } }`);
    return data.recordsByDate.nodes[0].vonageId;
  };
  const lookUp = async (product: string, id: string) => {
    const { data, extensions } = await gateway.ask(
      `{ record(id: "${id}", product: ${product}) { vonageId } }`,
    );
    return [data.record.vonageId === id, extensions.vonage.calls];
  };
  expect(await lookUp('VOICE_CALL', await firstOf('VOICE_CALL'))).toEqual([true, 0]);
  // The window of a list can hold some of the rows of an id only.
  expect(await lookUp('ASR', await firstOf('ASR'))).toEqual([true, 1]);
});

test('rows that came before a cut are shown, the error says so, and the page is not bought again', async () => {
  await using upstream = await startPages(smsRows(1500), (response, answer, call) => {
    if (call > 1) return sendPage(response, answer);
    const text = JSON.stringify({ ...answer.next, items_count: answer.rows.length, records: answer.rows });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  });
  await using gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
  const { data, errors, extensions } = await gateway.ask(list, { first: 1000 });
  const { nodes, pageInfo } = data.recordsByDate as Page;
  expect(nodes.length).toBeGreaterThan(400);
  expect(errors).toEqual([
    {
      message: expect.stringContaining(`was cut after ${nodes.length} records`),
      path: ['recordsByDate'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', requestId: expect.any(String) },
    },
  ]);
  expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 1000 });
  await gateway.ask(list, { first: 1000 });
  expect(upstream.requests).toHaveLength(1);
  const rest = await pageOf(gateway, { first: 1000, after: pageInfo.endCursor });
  expect(rest.nodes).toHaveLength(500);
});

test('texts of messages are asked for only when they are selected, and for a whole list or not at all', async () => {
  await using upstream = await startPages(smsRows(1500, undefined, { message_body: 'Hello' }));
  await using gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url } } });
  const { pageInfo } = await pageOf(gateway, { first: 1000 });
  const withTexts = list.replace('{ id ', '{ ... on SmsOutboundRecord { messageBody } id ');
  const { errors } = await gateway.ask(withTexts, { first: 1000, after: pageInfo.endCursor });
  expect(errors).toEqual([
    expect.objectContaining({ message: expect.stringContaining('began without messageBody') }),
  ]);
  const { data } = await gateway.ask(withTexts, { first: 1 });
  expect(data.recordsByDate.nodes).toEqual([expect.objectContaining({ messageBody: 'Hello' })]);
  expect(upstream.requests.map(({ parameters }) => parameters.get('include_message'))).toEqual([
    null,
    'true',
  ]);
});
