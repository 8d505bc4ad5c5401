import {
  RecordsOfUnknownProductsDocument,
  SmsByIdDocument,
  VerificationsByIdsDocument,
} from '../support/generated/operations.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

test("returns the vendor's sample SMS field by field", async () => {
  const { data, errors } = await gateway.ask(`{
    record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) {
      __typename vonageId product direction accountId rowId occurredAt totalPrice currency isFinal
      ... on SmsOutboundRecord {
        messageId clientRef from to network networkName country countryName dateReceived dateFinalized latency
        status errorCode errorCodeDescription accountRef changedFrom forcedFrom messageBody concatenated
      }
    }
  }`);

  expect(errors).toEqual([]);
  expect(data.record).toEqual({
    __typename: 'SmsOutboundRecord',
    vonageId: '15000000E1F8B123',
    product: 'SMS',
    direction: 'OUTBOUND',
    accountId: 'abcd1234',
    rowId: null,
    occurredAt: '2020-06-01T15:08:10.000Z',
    totalPrice: '0.03330000',
    currency: 'EUR',
    isFinal: true,
    messageId: '15000000E1F8B123',
    clientRef: null,
    from: 'Vonage APIs',
    to: '447700123456',
    network: '23410',
    networkName: 'Telefonica UK Limited',
    country: 'GB',
    countryName: 'United Kingdom',
    dateReceived: '2020-06-01T15:08:10.000Z',
    dateFinalized: '2020-06-01T15:08:11.000Z',
    latency: 1366,
    status: 'DELIVERED',
    errorCode: '0',
    errorCodeDescription: 'Delivered',
    accountRef: null,
    changedFrom: null,
    forcedFrom: null,
    messageBody: null,
    concatenated: null,
  });
});

test('answers the documented operations as their typed documents promise', async () => {
  const sms = await gateway.ask(SmsByIdDocument);
  expect(sms.data.record).toMatchObject({ vonageId: '15000000E1F8B123', status: 'DELIVERED', latency: 1366 });

  const unknown = await gateway.ask(RecordsOfUnknownProductsDocument);
  const records = unknown.data.records.results.flatMap((result) => result.records);
  expect(records.map(({ __typename, vonageStatus }) => [__typename, vonageStatus])).toEqual([
    ['SmsOutboundRecord', 'delivered'],
    ['VerifyApiRecord', 'SUCCESS'],
  ]);
});

test('names two of the four sample verifications as not found, in one call', async () => {
  gateway.simulator.log.clear();
  const { data } = await gateway.ask(VerificationsByIdsDocument);

  expect(data.records.idsNotFound).toEqual([
    '7b1091b8-1a05-11eb-bad9-38f9d331493',
    '7b10a0c2-1a05-11eb-bad9-38f9d331649',
  ]);
  expect(data.records.results.map(({ records: [record] }) => record?.vonageId ?? null)).toEqual([
    null,
    '7b109636-1a05-11eb-bad9-38f9d3316493',
    '7b109a1e-1a05-11eb-bad9-38f9d3316493',
    null,
  ]);
  expect(gateway.simulator.log.batchSizes).toEqual([4]);
});

test('finds a record again by the global id that it showed, with a single call', async () => {
  const first = await gateway.ask(SmsByIdDocument);
  const globalId = first.data.record?.id;
  gateway.simulator.log.clear();
  const { data } = await gateway.ask(
    `query ($id: ID!) { node(id: $id) { id ... on VonageRecord { vonageId } } record(id: $id) { vonageId } nodes(ids: [$id]) { id } }`,
    { id: globalId },
  );
  expect(data).toEqual({
    node: { id: globalId, vonageId: '15000000E1F8B123' },
    record: { vonageId: '15000000E1F8B123' },
    nodes: [{ id: globalId }],
  });
  expect(gateway.simulator.log.calls).toHaveLength(1);
});

test('repeats duplicates in the order of the request and asks for each id once, whatever its case', async () => {
  gateway.simulator.log.clear();
  const ids = ['15000000e1f8b123', 'unknown-1', '15000000E1F8B123', '15000000e1f8b123', 'unknown-1'];
  const { data } = await gateway.ask(
    `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) {
      nodes { vonageId } idsNotFound results { requestedId outcome records { vonageId } error { code } }
    } }`,
    { ids },
  );
  const found = { vonageId: '15000000E1F8B123' };
  expect(data.records).toEqual({
    nodes: [found, null, found, found, null],
    idsNotFound: ['unknown-1'],
    results: ids.map((requestedId) =>
      requestedId === 'unknown-1'
        ? { requestedId, outcome: 'NOT_FOUND', records: [], error: null }
        : { requestedId, outcome: 'FOUND', records: [found], error: null },
    ),
  });
  expect(gateway.simulator.log.batchSizes).toEqual([2]);
});

test('looks an SMS up in both directions when none is given', async () => {
  gateway.simulator.log.clear();
  const [inbound] = gateway.simulator.dataset.ids('SMS' as never, 'inbound' as never);
  const { data } = await gateway.ask(
    `query ($id: ID!) { smsRecord(id: $id) { __typename ... on SmsInboundRecord { direction messageId } } }`,
    { id: inbound },
  );
  expect(data.smsRecord).toEqual({
    __typename: 'SmsInboundRecord',
    direction: 'INBOUND',
    messageId: inbound,
  });
  expect(gateway.simulator.log.calls.map((call) => call.direction)).toEqual(['outbound', 'inbound']);
});
