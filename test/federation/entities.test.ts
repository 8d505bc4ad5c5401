import { Direction, Product } from '../../src/catalogue/product.js';
import { keysOf, naturalKeyOf } from '../../src/graphql/subgraph-document.js';
import { recordTypes } from '../../src/records/record-types.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { limits: { maxIds: 200 } },
    simulator: { refusedProducts: [] },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => {
  gateway.simulator.log.clear();
  gateway.simulator.faults.clear();
});

const calls = () => gateway.simulator.log.calls;
const sample = '15000000E1F8B123';

/** `_entities` as a router asks it. */
function entities(representations: readonly unknown[], selection = '... on VonageRecord { id vonageId }') {
  return gateway.ask(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ${selection} } }`,
    { representations },
  );
}

async function globalIdOf(id: string, product: string): Promise<string> {
  const { data } = await gateway.ask(`query ($id: ID!) { record(id: $id, product: ${product}) { id } }`, {
    id,
  });
  gateway.simulator.log.clear();
  return data.record.id;
}

test('100 references with duplicates over five types make no more calls than their ids need', async () => {
  const { dataset } = gateway.simulator;
  const lanes = [
    dataset
      .ids(Product.SMS, Direction.OUTBOUND)
      .slice(0, 25)
      .map((messageId) => ['SmsOutboundRecord', { messageId }]),
    dataset
      .ids(Product.SMS, Direction.INBOUND)
      .slice(0, 15)
      .map((messageId) => ['SmsInboundRecord', { messageId }]),
    dataset
      .ids(Product.VOICE_CALL)
      .slice(0, 20)
      .map((callId) => ['VoiceCallRecord', { callId }]),
    dataset
      .ids(Product.VERIFY_API)
      .slice(0, 10)
      .map((requestId) => ['VerifyApiRecord', { requestId }]),
    dataset
      .ids(Product.NUMBER_INSIGHT)
      .slice(0, 10)
      .map((requestId) => ['NumberInsightRecord', { requestId }]),
  ] as const;
  const distinct = lanes.flat().map(([__typename, key]) => ({ __typename, ...(key as object) }));
  // Twenty are asked for twice, and all of them in an order that mixes the types.
  const mixed = [...distinct, ...distinct.slice(10, 30)].map(
    (_each, index, all) => all[(index * 37) % all.length],
  );
  expect(mixed).toHaveLength(100);

  const { data, errors } = await entities(mixed);
  expect(errors).toEqual([]);
  expect(data._entities.map(({ __typename, vonageId }: any) => [__typename, vonageId])).toEqual(
    mixed.map((each: any) => [each.__typename, each.messageId ?? each.callId ?? each.requestId]),
  );
  expect(gateway.simulator.log.batchSizes.toSorted()).toEqual([10, 10, 15, 20, 20, 5].toSorted());
});

test('every record type is found by each of its keys', async () => {
  const idOf = ({ product, direction }: (typeof recordTypes)[number]) =>
    gateway.simulator.dataset.ids(product, direction)[0];
  const known = recordTypes.filter((entry) => idOf(entry) !== undefined);
  expect(known.length).toBeGreaterThan(20);
  const found = await gateway.ask(
    `{ ${known.map((entry, index) => `a${index}: record(id: "${idOf(entry)}", product: ${entry.product.replaceAll('-', '_')}${entry.direction ? `, direction: ${entry.direction.toUpperCase()}` : ''}) { __typename id vonageId accountId rowId ${naturalKeyOf(entry.recordClass.name) ? `... on ${entry.recordClass.name} { key: ${naturalKeyOf(entry.recordClass.name)} }` : ''} }`).join('\n')} }`,
  );
  expect(found.errors).toEqual([]);
  const records = Object.values<any>(found.data);
  const representations = records.flatMap(({ __typename, id, accountId, key }) => {
    const natural = naturalKeyOf(__typename);
    const byKey = natural
      ? [
          { __typename, [natural]: key },
          { __typename, [natural]: key, accountId },
        ]
      : [];
    return [{ __typename, id }, { __typename: 'VonageRecord', id }, ...byKey].map((each) => ({ each, id }));
  });
  const { data, errors } = await entities(representations.map(({ each }) => each));
  expect(errors).toEqual([]);
  expect(data._entities.map((each: any) => each?.id)).toEqual(representations.map(({ id }) => id));
});

test('a type without a natural key is asked for by its global id, and the error says so', async () => {
  const keyless = recordTypes.filter(({ recordClass }) => naturalKeyOf(recordClass.name) === undefined);
  const { errors } = await entities(
    keyless.map(({ recordClass: { name } }) => ({ __typename: name, requestId: 'any' })),
  );
  expect(errors.map(({ message }) => message)).toEqual(
    keyless.map(
      ({ recordClass: { name } }, index) => `representations[${index}] must hold a key of ${name}: id.`,
    ),
  );
  expect(keyless.map(({ recordClass }) => keysOf(recordClass.name))).toEqual(keyless.map(() => ['id']));
});

test('a miss is null, and a bad representation an error at its own place; the others are answered', async () => {
  const { data, errors } = await entities([
    { __typename: 'SmsOutboundRecord', messageId: sample },
    { __typename: 'SmsOutboundRecord', messageId: 'unknown' },
    { __typename: 'SmsOutboundRecord', messageId: 'a,b' },
    { __typename: 'Nothing', id: 'x' },
    { __typename: 'SmsOutboundRecord' },
    { __typename: 'VonageRecord', id: sample },
    { __typename: 'SmsOutboundRecord', messageId: { $ne: 1 } },
    'text',
    { __typename: 'SmsOutboundRecord', messageId: sample, accountId: 'a b' },
    { __typename: '__proto__' },
    { __typename: 'AmdRecord', callId: 'x' },
  ]);
  expect(data._entities.map((each: any) => each?.vonageId ?? null)).toEqual([
    sample,
    ...Array(10).fill(null),
  ]);
  expect(errors.map(({ path, message, extensions }) => [path, extensions.code, message])).toEqual([
    [
      ['_entities', 2],
      'BAD_USER_INPUT',
      expect.stringMatching(/^representations\[2\]\.messageId must be 1 to 128/),
    ],
    [
      ['_entities', 3],
      'BAD_USER_INPUT',
      'representations[3].__typename must be VonageRecord or the name of a record type.',
    ],
    [
      ['_entities', 4],
      'BAD_USER_INPUT',
      'representations[4] must hold a key of SmsOutboundRecord: id, or messageId.',
    ],
    [
      ['_entities', 5],
      'BAD_USER_INPUT',
      expect.stringMatching(/^representations\[5\]\.id must be a global id/),
    ],
    [['_entities', 6], 'BAD_USER_INPUT', 'representations[6].messageId must be an id.'],
    [['_entities', 7], 'BAD_USER_INPUT', expect.stringContaining('representations[7].__typename')],
    [['_entities', 8], 'BAD_USER_INPUT', expect.stringMatching(/^accountId must be/)],
    [['_entities', 9], 'BAD_USER_INPUT', expect.stringContaining('representations[9].__typename')],
    [['_entities', 10], 'BAD_USER_INPUT', 'representations[10] must hold a key of AmdRecord: id.'],
  ]);
  expect(calls().map(({ ids }) => ids)).toEqual([[sample, 'unknown']]);
});

test('what Vonage refuses is an error at the places that needed it', async () => {
  gateway.simulator.faults.plan(
    { kind: 'status', status: 400 },
    undefined,
    ({ product }) => product === Product.VERIFY_API,
  );
  const [requestId] = gateway.simulator.dataset.ids(Product.VERIFY_API);
  const { data, errors } = await entities([
    { __typename: 'VerifyApiRecord', requestId },
    { __typename: 'SmsOutboundRecord', messageId: sample },
  ]);
  expect(data._entities).toEqual([null, expect.objectContaining({ vonageId: sample })]);
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['_entities', 0], 'UPSTREAM_REJECTED'],
  ]);
});

test('a global id of another type is refused, and a key is never answered with a record that lacks it', async () => {
  const id = await globalIdOf(sample, 'SMS');
  const { data, errors } = await entities([
    { __typename: 'VoiceCallRecord', id },
    { __typename: 'SmsInboundRecord', id },
    { __typename: 'SmsOutboundRecord', messageId: sample },
    { __typename: 'SmsOutboundRecord', messageId: id },
  ]);
  expect(data._entities).toEqual([null, null, expect.objectContaining({ vonageId: sample }), null]);
  expect(errors.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual([
    [0, 'BAD_USER_INPUT'],
    [1, 'BAD_USER_INPUT'],
    [3, 'BAD_USER_INPUT'],
  ]);
});

test('the text of a message and its flag are asked of Vonage only when they are selected', async () => {
  const reference = { __typename: 'SmsOutboundRecord', messageId: sample };
  const asked = async (selection: string) => {
    gateway.simulator.log.clear();
    await entities([reference], selection);
    return calls().map(({ includeMessage, showConcatenated }) => [includeMessage, showConcatenated]);
  };
  expect(await asked('... on SmsOutboundRecord { to }')).toEqual([[false, false]]);
  expect(await asked('... on SmsInboundRecord { messageBody }')).toEqual([[false, false]]);
  expect(await asked('... on SmsOutboundRecord { messageBody }')).toEqual([[true, false]]);
  expect(await asked('... on VonageRecord { ... on SmsOutboundRecord { concatenated } }')).toEqual([
    [false, true],
  ]);
});

test('a cached record stays unchanged, whichever type a caller requests it under', async () => {
  await using cached = await startTestGateway({ config: { cache: { maxBytes: 1_000_000 } } });
  const ask = (typeName: string, key: object) =>
    cached.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on VonageRecord { id raw } } }',
      { r: [{ __typename: typeName, ...key }] },
    );
  const first = await ask('SmsOutboundRecord', { messageId: sample });
  const [{ id, raw }] = first.data._entities;
  expect(raw).not.toHaveProperty('__typename');
  const second = await ask('VonageRecord', { id });
  const direct = await cached.ask('query ($id: ID!) { record(id: $id) { __typename id raw } }', { id });
  expect(second.data._entities).toEqual(first.data._entities);
  expect([direct.data.record]).toEqual(first.data._entities);
  expect(cached.simulator.log.calls).toHaveLength(1);
});

test('more references than one operation may ask for are refused as a whole, before anything is sent', async () => {
  const flood = Array.from({ length: 201 }, (_, index) => ({
    __typename: 'SmsOutboundRecord',
    messageId: `id-${index}`,
  }));
  const { status, data, errors } = await entities(flood);
  expect([status, data]).toEqual([400, undefined]);
  expect(errors.map(({ message, extensions }) => [message, extensions.code])).toEqual([
    ['The operation asks for 201 ids; at most 200 are allowed.', 'TOO_MANY_IDS'],
  ]);
  expect(calls()).toEqual([]);
});
