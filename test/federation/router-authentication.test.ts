import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-problems.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const routerSecret = 'a secret of the router and of this gateway';
const routerHeaders = { 'x-router-secret': routerSecret };
const trace = { 'apollo-federation-include-trace': 'ftv1' };
const sdl = '{ _service { sdl } }';
const entity =
  '{ _entities(representations: [{ __typename: "SmsOutboundRecord", messageId: "15000000E1F8B123" }]) { __typename } }';
const record = '{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }';

describe.each([
  ['in production', { production: true, graphql: { routerSecret } }],
  ['in development, where a secret is set', { production: false, graphql: { routerSecret } }],
])('%s', (_where, config) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ config });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  beforeEach(() => gateway.simulator.log.clear());

  test.each([
    ['no credentials', {}],
    ['a wrong secret', { 'x-router-secret': 'a secret of the router and of this gateweg' }],
    ['a part of the secret', { 'x-router-secret': routerSecret.slice(0, -1) }],
    ['an empty secret', { 'x-router-secret': '' }],
    ['the secret in another header', { authorization: `Bearer ${routerSecret}` }],
  ])('a caller with %s gets neither the schema nor an entity', async (_how, headers) => {
    for (const [field, operation] of [
      ['_service', sdl],
      ['_entities', entity],
      ['_service', 'query { hidden: _service { ...Text } } fragment Text on _Service { sdl }'],
    ] as const) {
      const { status, data, errors } = await gateway.ask(operation, {}, headers);
      expect([status, data ?? null]).toEqual([403, null]);
      expect(errors).toEqual([
        expect.objectContaining({ extensions: { code: 'FORBIDDEN', requestId: expect.any(String) } }),
      ]);
      expect(errors[0]?.message).toContain(field);
      expect(JSON.stringify(errors)).not.toContain(routerSecret);
    }
    expect(gateway.simulator.log.calls).toEqual([]);
  });

  test('another caller that requests a trace gets a response without one', async () => {
    const { data, extensions } = await gateway.ask(record, {}, trace);
    expect(data.record.vonageId).toBe('15000000E1F8B123');
    expect(extensions).not.toHaveProperty('ftv1');
  });

  test('the router gets all three', async () => {
    expect((await gateway.ask(sdl, {}, routerHeaders)).data._service.sdl).toContain('@link(url:');
    expect((await gateway.ask(entity, {}, routerHeaders)).data._entities).toEqual([
      { __typename: 'SmsOutboundRecord' },
    ]);
    const { extensions } = await gateway.ask(record, {}, { ...routerHeaders, ...trace });
    expect(extensions.ftv1).toMatch(/^[A-Za-z0-9+/]+=*$/);
  });
});

test('in production without a secret no caller is a router', async () => {
  await using gateway = await startTestGateway({ config: { production: true } });
  for (const headers of [{}, { 'x-router-secret': '' }, { 'x-router-secret': 'undefined' }]) {
    expect((await gateway.ask(sdl, {}, headers)).status).toBe(403);
    expect((await gateway.ask(entity, {}, headers)).status).toBe(403);
  }
  expect((await gateway.ask(record, {}, trace)).extensions).not.toHaveProperty('ftv1');
});

test('in development without a secret a graph can be tried at once', async () => {
  await using gateway = await startTestGateway();
  expect((await gateway.ask(sdl)).data._service.sdl).toContain('type SmsOutboundRecord');
  expect((await gateway.ask(entity)).data._entities).toEqual([{ __typename: 'SmsOutboundRecord' }]);
});

test('an authorization error has the path of its field', async () => {
  await using gateway = await startTestGateway({ config: { graphql: { routerSecret } } });
  const { status, errors } = await gateway.ask('{ __typename _service { sdl } }');
  expect(status).toBe(403);
  expect(errors.map(({ path }) => path)).toEqual([['_service']]);
});

test('the secret is not logged', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ config: { graphql: { routerSecret } }, log });
  await gateway.ask(sdl, {}, routerHeaders);
  await gateway.ask(sdl, {}, { 'x-router-secret': `${routerSecret}!` });
  expect(log.join()).not.toContain(routerSecret);
});

test('a secret that is too short is refused at start, and not quoted', () => {
  const start = () => readConfig({ ROUTER_SECRET: 'too-short' });
  expect(start).toThrow(ConfigError);
  expect(start).toThrow('ROUTER_SECRET must hold at least 16 characters.');
});
