import { Direction, Product, productName } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { recordTypes } from '../../src/records/record-types.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ simulator: { refusedProducts: [] } });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());

const all = Object.values(Product);

describe.each(all)('%s', (product) => {
  const { direction: rule } = rulesOf(product);

  test.each([undefined, Direction.INBOUND, Direction.OUTBOUND])(
    'with direction %s is asked as Vonage allows, or refused before',
    async (direction) => {
      const argument = direction ? `, direction: ${direction.toUpperCase()}` : '';
      const { data, errors } = await gateway.ask(
        `{ record(id: "unknown", product: ${productName(product)}${argument}) { id } }`,
      );
      const sent = gateway.simulator.log.calls.map((call) => call.direction);
      expect(gateway.simulator.log.refused).toBe(0);
      if (direction && rule === 'refused') {
        expect(errors[0]).toMatchObject({
          message: expect.stringMatching(/^direction must be left out/),
          extensions: { code: 'BAD_USER_INPUT' },
        });
        expect(sent).toEqual([]);
        return;
      }
      expect(errors).toEqual([]);
      expect(data.record).toBeNull();
      if (direction) expect(sent).toEqual([direction]);
      else expect(sent).toEqual(rule === 'required' ? [Direction.OUTBOUND, Direction.INBOUND] : [null]);
    },
  );
});

test.each(recordTypes.filter((entry) => entry.product !== Product.MEETINGS))(
  'a $recordClass.name is found by its id, as its own type and with its product',
  async ({ recordClass, product, direction }) => {
    const [id] = gateway.simulator.dataset.ids(product, direction).slice(-1);
    const { data, errors } = await gateway.ask(
      `query ($id: ID!, $product: VonageProduct) { record(id: $id, product: $product) { __typename vonageId product accountId isFinal raw occurredAt } }`,
      { id, product: productName(product) },
    );
    expect(errors).toEqual([]);
    expect(data.record).toMatchObject({
      __typename: recordClass.name,
      vonageId: id,
      product: productName(product),
      accountId: 'abcd1234',
      raw: expect.objectContaining({ account_id: 'abcd1234' }),
    });
  },
);

test('a row of a product without published fields is a GenericRecord that keeps the row in raw', async () => {
  const row = { account_id: 'abcd1234', id: 'meeting-1', room: 'blue', total_price: '0.10000000' };
  gateway.simulator.dataset.add({ product: Product.MEETINGS, direction: null, row });
  const { data } = await gateway.ask(
    '{ record(id: "meeting-1", product: MEETINGS) { __typename vonageId totalPrice raw } }',
  );
  expect(data.record).toEqual({
    __typename: 'GenericRecord',
    vonageId: 'meeting-1',
    totalPrice: '0.10000000',
    raw: row,
  });
});

test.each([
  ['messagesRecord', Product.MESSAGES, Direction.INBOUND, 'MessagesInboundRecord'],
  ['voiceRecord', Product.VOICE_CALL, null, 'VoiceCallRecord'],
  ['voiceRecord', Product.VOICE_TTS, null, 'VoiceTtsRecord'],
  ['voiceRecord', Product.VOICE_FAILED, null, 'VoiceFailedRecord'],
  ['verifyRecord', Product.VERIFY_API, null, 'VerifyApiRecord'],
  ['verifyRecord', Product.VERIFY_V2, null, 'VerifyV2Record'],
  ['insightRecord', Product.NUMBER_INSIGHT, null, 'NumberInsightRecord'],
  ['insightRecord', Product.NUMBER_INSIGHT_V2, null, 'NumberInsightV2Record'],
  ['conversationRecord', Product.CONVERSATION_EVENT, null, 'ConversationEventRecord'],
  ['conversationRecord', Product.CONVERSATION_MESSAGE, null, 'ConversationMessageRecord'],
  ['conversationRecord', Product.CONVERSATIONS, null, 'ConversationsRecord'],
])('%s finds a record of %s without naming the product', async (field, product, direction, typeName) => {
  const { dataset } = gateway.simulator;
  // The call id of a spoken text finds the call first, its row id only the text.
  const [id] =
    product === Product.VOICE_TTS
      ? dataset.list(product, null).map((row) => row.id)
      : dataset.ids(product, direction);
  const { data, errors } = await gateway.ask(`query ($id: ID!) { ${field}(id: $id) { __typename } }`, { id });
  expect(errors).toEqual([]);
  expect(data[field]).toEqual({ __typename: typeName });
});

test('a family refuses the global id of another family', async () => {
  const { data } = await gateway.ask(
    '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { id } }',
  );
  const { errors } = await gateway.ask('query ($id: ID!) { voiceRecord(id: $id) { __typename } }', {
    id: data.record.id,
  });
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('a mixture of ids of unknown products is found, aligned, with every row of each id', async () => {
  const { dataset } = gateway.simulator;
  const [call] = dataset.ids(Product.VOICE_CALL);
  const [verification] = dataset.ids(Product.VERIFY_V2);
  const [queued] = dataset.ids(Product.SMS_TRAFFIC_CONTROL);
  const ids = [call, 'Unknown-Id', verification, queued, call];
  const { data, errors } = await gateway.ask(
    `query ($ids: [ID!]!, $product: VonageProduct) { records(ids: $ids, product: $product) { nodes { __typename vonageId } idsNotFound results { requestedId records { __typename } } } }`,
    { ids },
  );
  expect(errors).toEqual([]);
  expect(data.records.nodes.map((node: any) => node?.vonageId ?? null)).toEqual([
    call,
    null,
    verification,
    queued,
    call,
  ]);
  expect(data.records.idsNotFound).toEqual(['Unknown-Id']);
  const control = await gateway.ask(
    `query ($ids: [ID!]!) { records(ids: $ids, product: SMS_TRAFFIC_CONTROL) { results { requestedId records { __typename } } } }`,
    { ids: [queued] },
  );
  expect(control.data.records.results[0].records).toHaveLength(2);
});
