import { findService } from '../support/services.js';
import { startTestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { type Answer, reply, startUpstream } from '../vonage/upstream.js';

const records = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { idsNotFound } }`;
const sms = (id: string) => ({ message_id: id, status: 'delivered' });

/** A Vonage that gives one response after another, and the gateway that asks it. */
async function gatewayBefore(responses: readonly Answer[], config: object = {}) {
  const upstream = await startUpstream((response, request) => {
    const respond = responses[upstream.requests.length - 1] ?? reply(500, {});
    respond(response, request);
  });
  const gateway = await startTestGateway({ config: { vonage: { baseUrl: upstream.url }, ...config } });
  const end = async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  };
  return { gateway, upstream, [Symbol.asyncDispose]: end };
}

describe('the usage of an operation counts all that Vonage returned for it', () => {
  test('rows of no id, repeated calls and calls that settle nothing', async () => {
    await using subject = await gatewayBefore([
      reply(200, { records: [sms('a'), sms('unrequested')] }),
      reply(503, {}),
      reply(200, { records: [sms('b'), sms('b')] }),
    ]);
    const { extensions } = await subject.gateway.ask(records, { ids: ['a', 'b'] });
    expect(subject.upstream.requests).toHaveLength(3);
    expect(extensions.vonage).toMatchObject({ calls: 3, ids: 2, recordsBilled: 4 });
    expect(subject.gateway.engine).toMatchObject({ calls: 3, recordsBilled: 4, unattributedRows: 1 });
  });

  test('rows that cannot be read', async () => {
    await using subject = await gatewayBefore([reply(200, { records: ['no row', 7, null] })]);
    const { extensions } = await subject.gateway.ask(records, { ids: ['a'] });
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 3 });
    expect(subject.gateway.engine.recordsBilled).toBe(3);
  });

  test('a record for each id of a response that could not be read at all', async () => {
    await using subject = await gatewayBefore([reply(200, '<html>')]);
    const { extensions } = await subject.gateway.ask(records, { ids: ['a', 'b'] });
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 2 });
  });

  test('nothing for calls that Vonage refused', async () => {
    await using subject = await gatewayBefore([reply(422, {})]);
    const { extensions } = await subject.gateway.ask(records, { ids: ['a'] });
    expect(extensions.vonage).toMatchObject({ calls: 1, recordsBilled: 0 });
  });
});

test('a daily quota pays for rows of no id as well', async () => {
  const unrequested = Array.from({ length: 9 }, (_, index) => sms(`unrequested-${index}`));
  await using subject = await gatewayBefore(
    [
      reply(200, { records: [sms('a'), ...unrequested], ids_not_found: 'b' }),
      reply(200, { records: [sms('c')] }),
    ],
    tokensFor({ limited: { recordsPerDay: 10 } }),
  );
  const ask = (ids: readonly string[]) => subject.gateway.ask(records, { ids }, authorizationOf('limited'));
  expect((await ask(['a', 'b'])).errors).toEqual([]);
  const { data } = await ask(['c']);
  expect(data.records.idsNotFound).toEqual([]);
  expect(subject.upstream.requests).toHaveLength(1);
});

const program = findService('redis-server');

(program ? test : test.skip)(
  'a caller whose daily quota is used up gets a cached record from every replica',
  async () => {
    await using redis = await TestRedis.start(program as string);
    const config = {
      ...tokensFor({ limited: { recordsPerDay: 1 }, other: {} }),
      redis: { url: redis.url },
      cache: { maxBytes: 1_000_000 },
    };
    await using first = await gatewayBefore(
      [reply(200, { records: [sms('a')] }), reply(200, { records: [sms('b')] })],
      config,
    );
    await using second = await gatewayBefore([], config);
    const operation = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { id } } }`;
    await first.gateway.ask(operation, { ids: ['a'] }, authorizationOf('limited'));
    await first.gateway.ask(operation, { ids: ['b'] }, authorizationOf('other'));
    for (const { gateway } of [first, second]) {
      const { data, errors } = await gateway.ask(
        operation,
        { ids: ['a', 'b', 'c'] },
        authorizationOf('limited'),
      );
      expect(data.records.nodes).toEqual([{ id: expect.any(String) }, { id: expect.any(String) }, null]);
      expect(errors).toMatchObject([{ path: ['records', 'nodes', 2], extensions: { code: 'RATE_LIMITED' } }]);
    }
    expect(second.upstream.requests).toEqual([]);
  },
);
