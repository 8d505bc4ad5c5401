/**
 * The checks of Apollo's subgraph compatibility suite, asked of this subgraph through two gateways. `@requires`,
 * `@provides`, `@override` and `@composeDirective` are for schemas that take fields from others, which this one does not.
 */

import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { crmTypeDefs } from '../../examples/federation/crm.js';
import { startSubgraph } from '../../examples/federation/subgraph.js';
import { apolloGateway, type GraphGateway, hiveGateway } from '../support/graph-gateways.js';
import { routerSecret, startTestGraph, type TestGraph } from '../support/start-graph.js';

/** A team that names records by each kind of key, and keeps with them what they are. */
const archiveTypeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query {
    sms: SmsOutboundRecord
    call: VoiceCallRecord
    verification: VerifyApiRecord
  }
  type SmsOutboundRecord @key(fields: "messageId") {
    messageId: ID
    vonageId: ID @shareable
  }
  type VoiceCallRecord @key(fields: "id") @key(fields: "callId") {
    id: ID!
    callId: ID
  }
  type VerifyApiRecord @key(fields: "requestId accountId") {
    requestId: ID
    accountId: ID
  }
`;

let graph: TestGraph;
let archive: Awaited<ReturnType<typeof startSubgraph>>;
let supergraph = '';
const traces: string[] = [];
const gateways = new Map<string, GraphGateway>();

beforeAll(async () => {
  graph = await startTestGraph();
  const requestId = graph.simulator.dataset.ids('VERIFY-API' as never)[0];
  const callId = graph.simulator.dataset.ids('VOICE-CALL' as never)[0];
  const resolvers = {
    Query: {
      sms: () => ({ messageId: '15000000E1F8B123', vonageId: '15000000E1F8B123' }),
      call: () => ({ id: graph.recordIds[3], callId }),
      verification: () => ({ requestId, accountId: 'abcd1234' }),
    },
  };
  archive = await startSubgraph({ typeDefs: archiveTypeDefs, resolvers, port: 0 });
  const records = await sdl();
  const composed = composeServices([
    { name: 'records', url: graph.urls.records, typeDefs: parse(records) },
    { name: 'archive', url: archive.url, typeDefs: parse(archiveTypeDefs) },
    { name: 'crm', url: graph.urls.crm, typeDefs: parse(crmTypeDefs) },
  ]);
  expect(composed.errors).toBeUndefined();
  supergraph = composed.supergraphSdl ?? '';
  const federation = { supergraph, routerSecret };
  const headers = { 'apollo-federation-include-trace': 'ftv1' };
  const onAnswer = (_subgraph: string, { ftv1 }: Readonly<Record<string, unknown>>) =>
    void (typeof ftv1 === 'string' && traces.push(ftv1));
  gateways.set('@apollo/gateway', await apolloGateway({ ...federation, headers, onAnswer }));
  gateways.set('Hive Gateway', await hiveGateway(federation));
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  await archive.close();
  await graph[Symbol.asyncDispose]();
});
beforeEach(() => graph.simulator.log.clear());

async function sdl(): Promise<string> {
  const headers = { 'x-router-secret': routerSecret };
  return (await graph.gateway.ask('{ _service { sdl } }', {}, headers)).data._service.sdl;
}

const calls = () => graph.simulator.log.calls.map(({ product, ids }) => `${product} ${ids.length}`);

test('_service tells the subgraph, with @link to one version of federation', async () => {
  const links = [...(await sdl()).matchAll(/@link\(url: "(.*?)"/g)].map(([, url]) => url);
  expect(links).toEqual(['https://specs.apollo.dev/federation/v2.9']);
});

describe.each(['@apollo/gateway', 'Hive Gateway'])('%s', (name) => {
  const ask = async (query: string) => {
    const { data, errors } = (await gateways.get(name)?.ask(query)) ?? {};
    expect(errors ?? []).toEqual([]);
    return data;
  };

  test('resolves an entity by a single key', async () => {
    expect(await ask('{ sms { networkName } }')).toEqual({ sms: { networkName: 'Telefonica UK Limited' } });
    expect(calls()).toEqual(['SMS 1']);
  });

  test('resolves an entity that has several keys', async () => {
    const data = await ask('{ call { callId id vonageId } }');
    expect(data.call.vonageId).toBe(data.call.callId);
    expect(calls()).toEqual(['VOICE-CALL 1']);
  });

  test('resolves an entity by a composite key', async () => {
    const data = await ask('{ verification { requestId accountId vonageId currency } }');
    expect(data.verification).toMatchObject({ accountId: 'abcd1234', currency: 'EUR' });
    expect(data.verification.vonageId).toBe(data.verification.requestId);
    expect(calls()).toEqual(['VERIFY-API 1']);
  });

  test('takes a @shareable field from who has it already, without a call to Vonage', async () => {
    expect(await ask('{ sms { messageId vonageId } }')).toEqual({
      sms: { messageId: '15000000E1F8B123', vonageId: '15000000E1F8B123' },
    });
    expect(calls()).toEqual([]);
  });

  test('does not show the lookup by global id, which is for direct callers', async () => {
    const { errors } = (await gateways.get(name)?.ask('{ nodes(ids: []) { id } }')) ?? {};
    expect(errors?.[0].message).toContain('Cannot query field "nodes"');
  });

  test('resolves an @interfaceObject to its own type, and its fields on the record types', async () => {
    const { tickets } = await ask('{ tickets { record { __typename isFinal } } }');
    expect(tickets[3].record).toEqual({ __typename: 'VoiceCallRecord', isFinal: true });
    expect(await ask('{ sms { ticket { subject } } }')).toEqual({ sms: { ticket: { subject: 'Ticket 0' } } });
  });
});

test('marks with @tag are kept in the supergraph', () => {
  expect(supergraph).toMatch(/messageBody: String .*@tag\(name: "pii"\)/);
});

test('answers a router that asks for it with a federated trace (ftv1), and no other caller', async () => {
  traces.length = 0;
  await gateways.get('@apollo/gateway')?.ask('{ sms { networkName } }');
  expect(traces).toEqual([expect.stringMatching(/^[A-Za-z0-9+/]+=*$/)]);
  const trace = { 'apollo-federation-include-trace': 'ftv1' };
  const { extensions } = await graph.gateway.ask('{ record(id: "15000000E1F8B123") { id } }', {}, trace);
  expect(extensions).not.toHaveProperty('ftv1');
});
