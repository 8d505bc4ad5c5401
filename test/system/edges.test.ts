import { Direction, Product } from '../../src/catalogue/product.js';
import type { WireRecordsResponse } from '../../src/vonage/wire.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => {
  gateway.simulator.log.clear();
  gateway.simulator.faults.clear();
});

const calls = () => gateway.simulator.log.calls;

test('twenty calls with their events make one call to Vonage for each of the five products', async () => {
  const ids = gateway.simulator.dataset.ids(Product.VOICE_CALL).slice(0, 20);
  const { data, errors } = await gateway.ask(
    `query ($ids: [ID!]!) { records(ids: $ids, product: VOICE_CALL) { nodes { vonageId ... on VoiceCallRecord {
      events { __typename ... on AsrRecord { callId } ... on AmdRecord { callId } ... on WebSocketCallRecord { callId } ... on VoiceTtsRecord { callId } }
    } } } }`,
    { ids },
  );
  expect(errors).toEqual([]);
  expect(
    calls()
      .map(({ product }) => product)
      .sort(),
  ).toEqual(['AMD', 'ASR', 'VOICE-CALL', 'VOICE-TTS', 'WEBSOCKET-CALL']);
  expect(gateway.simulator.log.batchSizes).toEqual([20, 20, 20, 20, 20]);
  for (const call of data.records.nodes) {
    expect(call.events.every((event: { callId: string }) => event.callId === call.vonageId)).toBe(true);
  }
  const kinds = (index: number) =>
    data.records.nodes[index].events.map((event: { __typename: string }) => event.__typename);
  expect(kinds(0)).toEqual([
    'AsrRecord',
    'AsrRecord',
    'AmdRecord',
    'WebSocketCallRecord',
    'VoiceTtsRecord',
    'VoiceTtsRecord',
  ]);
  expect(kinds(1)).toEqual([]);
  expect(kinds(3)).toEqual(['AmdRecord']);
});

test('an event leads back to its call, with no call made twice', async () => {
  const [id] = gateway.simulator.dataset.ids(Product.ASR);
  const { data } = await gateway.ask(
    `query ($id: ID!) { records(ids: [$id], product: ASR) { results { records { id vonageId ... on AsrRecord { call { callId } } } } } }`,
    { id },
  );
  const [match] = data.records.results;
  expect(match.records.map((record: any) => record.call.callId)).toEqual([id, id]);
  expect(calls().map(({ product }) => product)).toEqual(['ASR', 'VOICE-CALL']);
});

test('an event in one of the internal accounts of Vonage leads to the call in the account that was asked', async () => {
  const { dataset, faults } = gateway.simulator;
  const [id] = dataset.ids(Product.AMD);
  const edit = (body: WireRecordsResponse) => ({
    ...body,
    records: (body.records ?? []).map((row) => ({ ...row, account_id: 'nexmo-vapi-us-east-1' })),
  });
  faults.plan({ kind: 'edited', edit }, 1, ({ product }) => product === Product.AMD);
  const { data } = await gateway.ask(
    `query ($id: ID!) { record(id: $id, product: AMD) { accountId ... on AmdRecord { call { callId } } } }`,
    { id },
  );
  expect(data.record).toEqual({ accountId: 'abcd1234', call: { callId: id } });
  expect(calls().map(({ product, accountId }) => [product, accountId])).toEqual([
    ['AMD', 'abcd1234'],
    ['VOICE-CALL', 'abcd1234'],
  ]);
});

test('the segments of one call have different global ids, and each finds its own row', async () => {
  const [id] = gateway.simulator.dataset.ids(Product.ASR);
  const rows = 'results { records { id rowId } }';
  const first = await gateway.ask(`query ($id: ID!) { records(ids: [$id], product: ASR) { ${rows} } }`, {
    id,
  });
  const [one, other] = first.data.records.results[0].records;
  expect(one.id).not.toBe(other.id);
  const { data } = await gateway.ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on VonageRecord { rowId } } }',
    {
      ids: [other.id, one.id],
    },
  );
  expect(data.nodes).toEqual([other, one]);
});

test('a channel event leads to its verification, and the verification to none', async () => {
  const [parentId, childId] = gateway.simulator.dataset.ids(Product.VERIFY_V2);
  const { data } = await gateway.ask(
    `query ($a: ID!, $b: ID!) {
      parent: record(id: $a, product: VERIFY_V2) { ...Family }
      child: record(id: $b, product: VERIFY_V2) { ...Family }
    } fragment Family on VerifyV2Record { requestId channel parent { requestId channel } }`,
    { a: parentId, b: childId },
  );
  expect(data.parent).toEqual({ requestId: parentId, channel: 'V2', parent: null });
  expect(data.child).toEqual({
    requestId: childId,
    channel: 'EMAIL',
    parent: { requestId: parentId, channel: 'V2' },
  });
});

test('a queued SMS leads to its message, and only a selected text is fetched with it', async () => {
  const [id] = gateway.simulator.dataset.ids(Product.SMS_TRAFFIC_CONTROL);
  const { data } = await gateway.ask(
    `query ($id: ID!) { records(ids: [$id], product: SMS_TRAFFIC_CONTROL) { results { records { ... on SmsTrafficControlRecord {
      status message { ... on SmsOutboundRecord { messageId messageBody } }
    } } } } }`,
    { id },
  );
  const message = { messageId: id, messageBody: expect.stringMatching(/^Your order/) };
  const statuses = data.records.results[0].records.map((record: any) => record.status);
  expect(statuses.sort()).toEqual(['DEQUEUED', 'QUEUED']);
  for (const record of data.records.results[0].records) expect(record.message).toEqual(message);
  expect(
    calls().map(({ product, direction, includeMessage }) => [product, direction, includeMessage]),
  ).toEqual([
    ['SMS-TRAFFIC-CONTROL', null, false],
    ['SMS', Direction.OUTBOUND, true],
  ]);
});

test('an edge without a record at its end is null or empty, not an error', async () => {
  const row = {
    account_id: 'abcd1234',
    call_id: 'lonely-1',
    id: 'row-1',
    date_start: '2026-01-05T08:00:00+0000',
  };
  gateway.simulator.dataset.add({ product: Product.AMD, direction: null, row });
  gateway.simulator.dataset.add({
    product: Product.AMD,
    direction: null,
    row: { ...row, call_id: 'a,b', id: 'row-2' },
  });
  const { data, errors } = await gateway.ask(
    '{ one: record(id: "lonely-1", product: AMD) { ...Call } other: record(id: "row-2", product: AMD) { ...Call } } fragment Call on AmdRecord { call { vonageId } }',
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({ one: { call: null }, other: { call: null } });
  expect(
    calls()
      .filter(({ product }) => product === Product.VOICE_CALL)
      .flatMap(({ ids }) => ids),
  ).toEqual(['lonely-1']);
});

test('an event product that fails leaves the call and its other events, and is an error at its own place', async () => {
  const [id] = gateway.simulator.dataset.ids(Product.VOICE_CALL);
  gateway.simulator.faults.plan({ kind: 'status', status: 403 }, 9, ({ product }) => product === Product.AMD);
  const { data, errors } = await gateway.ask(
    `query ($id: ID!) { record(id: $id, product: VOICE_CALL) { totalPrice ... on VoiceCallRecord { events { __typename } } } }`,
    { id },
  );
  const kinds = data.record.events.map((event: { __typename: string } | null) => event?.__typename ?? null);
  expect(kinds).toEqual([
    'AsrRecord',
    'AsrRecord',
    'WebSocketCallRecord',
    'VoiceTtsRecord',
    'VoiceTtsRecord',
    null,
  ]);
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['record', 'events', 5], 'UPSTREAM_REJECTED'],
  ]);
});

test('two calls whose detection Vonage refuses keep their records and their other events in a list', async () => {
  const ids = gateway.simulator.dataset.ids(Product.VOICE_CALL).slice(0, 2);
  gateway.simulator.faults.plan({ kind: 'status', status: 403 }, 9, ({ product }) => product === Product.AMD);
  const { data, errors } = await gateway.ask(
    `query ($ids: [ID!]!) { records(ids: $ids, product: VOICE_CALL) { results { requestedId outcome records {
      totalPrice ... on VoiceCallRecord { events { ... on VonageRecord { product } } }
    } } } }`,
    { ids },
  );
  expect(data.records.results).toEqual([
    {
      requestedId: ids[0],
      outcome: 'FOUND',
      records: [
        {
          totalPrice: expect.any(String),
          events: [
            ...['ASR', 'ASR', 'WEBSOCKET_CALL', 'VOICE_TTS', 'VOICE_TTS'].map((product) => ({ product })),
            null,
          ],
        },
      ],
    },
    {
      requestedId: ids[1],
      outcome: 'FOUND',
      records: [{ totalPrice: expect.any(String), events: [null] }],
    },
  ]);
  expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
    [5, 'UPSTREAM_REJECTED'],
    [0, 'UPSTREAM_REJECTED'],
  ]);
});
