import { startTestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';

const problem = {
  status: 422,
  body: {
    type: 'https://developer.vonage.com/api-errors/reports#invalid-filter',
    title: 'Invalid filter for +44 7700 900123',
    detail: 'Caller 447700900123 of ref 447700a900123 is unknown.',
    instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
  },
};
const words = {
  type: 'invalid-filter',
  title: 'Invalid filter for 44********23',
  detail: 'Caller 44********23 of ref *** is unknown.',
  instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
};
const callers = { plain: {}, explaining: { scopes: ['records:read', 'explain'] } } as const;

async function startRefusedGateway(production: boolean) {
  const gateway = await startTestGateway({
    config: { production, graphql: { routerSecret: 'a secret of the router' }, ...tokensFor(callers) },
  });
  gateway.simulator.faults.plan({ kind: 'problem', problem });
  const upstreamTold = async (caller: keyof typeof callers, operation: string) => {
    const headers = { ...authorizationOf(caller), 'x-router-secret': 'a secret of the router' };
    const { errors } = await gateway.ask(operation, {}, headers);
    return errors.map(({ extensions }) => extensions.upstream);
  };
  return { upstreamTold, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const record = '{ record(id: "a", product: NUMBER_INSIGHT) { id } }';
const operations = [
  ['record', record],
  ['records.nodes', '{ records(ids: ["a"], product: NUMBER_INSIGHT) { nodes { id } } }'],
  ['a family field', '{ verifyRecord(id: "a") { __typename } }'],
  [
    '_entities',
    '{ _entities(representations: [{ __typename: "NumberInsightRecord", requestId: "a" }]) { __typename } }',
  ],
] as const;
const status = { status: 422, requestId: expect.any(String) };

describe.each(operations)("Vonage's own words about a failure of %s", (_name, operation) => {
  test('reach only callers with the scope explain, with their numbers masked', async () => {
    await using gateway = await startRefusedGateway(true);
    // Both callers at once share a call, and so its error.
    const told = await Promise.all(
      (['plain', 'explaining', 'plain'] as const).map((each) => gateway.upstreamTold(each, operation)),
    );
    expect(told).toEqual([[status], [{ ...status, ...words }], [status]]);
  });
});

test("Vonage's own words reach every caller in development", async () => {
  await using gateway = await startRefusedGateway(false);
  expect(await gateway.upstreamTold('plain', record)).toEqual([{ ...status, ...words }]);
});
