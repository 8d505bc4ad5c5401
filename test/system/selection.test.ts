import { Direction, Product } from '../../src/catalogue/product.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
let id: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  [id = ''] = gateway.simulator.dataset.ids(Product.SMS, Direction.OUTBOUND).slice(1);
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => gateway.simulator.log.clear());

const sms = 'id: $id, product: SMS, direction: OUTBOUND';

/** What the one call that an operation made asked for. */
async function askedFor(operation: string, variables: Record<string, unknown> = {}) {
  const { errors } = await gateway.ask(operation, { id, ...variables });
  expect(errors).toEqual([]);
  return gateway.simulator.log.calls.map(({ includeMessage, showConcatenated }) => ({
    includeMessage,
    showConcatenated,
  }));
}

const plain = [{ includeMessage: false, showConcatenated: false }];
const withBody = [{ includeMessage: true, showConcatenated: false }];

test('asks for neither the text nor the flag when they are not selected', async () => {
  expect(
    await askedFor(`query ($id: ID!) { record(${sms}) { id raw ... on SmsOutboundRecord { to } } }`),
  ).toEqual(plain);
});

test.each([
  ['an inline fragment', `query ($id: ID!) { record(${sms}) { ... on SmsOutboundRecord { messageBody } } }`],
  [
    'a named fragment',
    `query ($id: ID!) { record(${sms}) { ...Text } } fragment Text on SmsOutboundRecord { messageBody }`,
  ],
  [
    'nested fragments through interfaces',
    `query ($id: ID!) { record(${sms}) { ... on Node { ... on VonageRecord { ...Text } } } } fragment Text on SmsOutboundRecord { body: messageBody }`,
  ],
  [
    'a union',
    `query ($id: ID!) { smsRecord(id: $id, direction: OUTBOUND) { ... on SmsOutboundRecord { messageBody } } }`,
  ],
  [
    'a list of nodes',
    `query ($id: ID!) { records(ids: [$id], product: SMS, direction: OUTBOUND) { nodes { ... on SmsOutboundRecord { messageBody } } } }`,
  ],
  [
    'the matches of a list',
    `query ($id: ID!) { records(ids: [$id], product: SMS, direction: OUTBOUND) { results { records { ... on SmsOutboundRecord { messageBody } } } } }`,
  ],
  [
    '@include with a true variable',
    `query ($id: ID!, $yes: Boolean = true) { record(${sms}) { ... on SmsOutboundRecord { messageBody @include(if: $yes) } } }`,
  ],
])('asks for the text when it is selected through %s', async (_how, operation) => {
  expect(await askedFor(operation)).toEqual(withBody);
});

test.each([
  [
    '@skip',
    `query ($id: ID!, $yes: Boolean!) { record(${sms}) { ... on SmsOutboundRecord { messageBody @skip(if: $yes) } id } }`,
  ],
  [
    '@include on a fragment',
    `query ($id: ID!, $yes: Boolean!) { record(${sms}) { id ...Text @skip(if: $yes) } } fragment Text on SmsOutboundRecord { messageBody }`,
  ],
])('does not ask for the text when %s takes it out', async (_how, operation) => {
  expect(await askedFor(operation, { yes: true })).toEqual(plain);
});

test('does not ask for the text of an SMS when only that of other types is selected', async () => {
  const operation = `query ($id: ID!) { record(${sms}) { id ... on SmsInboundRecord { messageBody } ... on MessagesOutboundRecord { messageBody } } }`;
  expect(await askedFor(operation)).toEqual(plain);
});

test('asks for the flag only when it is selected', async () => {
  const operation = `query ($id: ID!) { record(${sms}) { ... on SmsOutboundRecord { concatenated } } }`;
  expect(await askedFor(operation)).toEqual([{ includeMessage: false, showConcatenated: true }]);
});

test('serves a lookup without the text from the same call, and keeps the text out of it, raw included', async () => {
  const { data } = await gateway.ask(
    `query ($id: ID!) {
      plain: record(${sms}) { raw }
      full: record(${sms}) { raw ... on SmsOutboundRecord { messageBody } }
    }`,
    { id },
  );
  expect(gateway.simulator.log.calls).toHaveLength(1);
  expect(data.full.messageBody).toMatch(/^Your order/);
  expect(data.full.raw.message_body).toBe(data.full.messageBody);
  expect(data.plain.raw).not.toHaveProperty('message_body');
  expect(data.plain.raw.message_id).toBe(id);
});
