import { readFileSync } from 'node:fs';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithGuild } from '@theguild/federation-composition';
import { federateSubgraphs } from '@wundergraph/composition';
import { parse } from 'graphql';
import { startSubgraph } from '../../examples/federation/subgraph.js';
import { apolloGateway, hiveGateway } from '../support/graph-gateways.js';
import { startTestGateway } from '../support/start-gateway.js';

const recordsSdl = readFileSync('schema/subgraph.graphql', 'utf8');
const page = readFileSync('docs/federation.md', 'utf8');
const crmSdl = schemaUnder('Extend all records');
const referringSdl = schemaUnder('Extend and refer');

/** A shop with types and fields of the broadest names. */
const shopSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    products(direction: Direction): [Product!]!
    catalogue: [Record!]!
  }

  interface Node { id: ID! }
  enum Direction { ASC DESC }
  type Product implements Node @key(fields: "id") { id: ID! name: String! }
  type Record implements Node @key(fields: "id") { id: ID! artist: String! product: Product! }
`;

/** The schema in the first block of code under a heading of docs/federation.md. */
function schemaUnder(heading: string): string {
  const [, sdl] = new RegExp(`^## ${heading}\\n.*?\`\`\`graphql\\n(.*?)\`\`\``, 'ms').exec(page) ?? [];
  if (!sdl) throw new Error(`docs/federation.md shows no schema under "${heading}"`);
  return sdl;
}

function servicesOf(crm: string, urls: Readonly<Record<string, string>> = {}) {
  const subgraphs = { records: recordsSdl, shop: shopSdl, crm, references: referringSdl };
  return Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: urls[name] ?? `http://127.0.0.1/${name}`,
    typeDefs: parse(sdl),
  }));
}

describe('a CRM that extends all records by their Vonage id composes beside a Product, Direction, Record and node of others', () => {
  test('with @apollo/composition', () => {
    const { errors, supergraphSdl } = composeWithApollo(servicesOf(crmSdl));
    expect(errors).toBeUndefined();
    expect(supergraphSdl).toMatch(/enum Direction\b[^{]*\{\s+ASC/);
  });

  test('with @theguild/federation-composition', () => {
    const { errors, supergraphSdl } = composeWithGuild(servicesOf(crmSdl));
    expect(errors).toBeUndefined();
    expect(supergraphSdl).toMatch(/enum Direction\b[^{]*\{\s+ASC/);
  });

  test('with @wundergraph/composition', () => {
    const subgraphs = servicesOf(crmSdl).map(({ typeDefs, ...each }) => ({ ...each, definitions: typeDefs }));
    const { success, ...result } = federateSubgraphs({ subgraphs, version: '1' });
    expect('errors' in result ? result.errors : []).toEqual([]);
    expect(success).toBe(true);
  });
});

const routerSecret = 'shared by router and gateway';
const smsId = '15000000E1F8B123';
const callId = '7267dedb75adbc3094c7926a0d5ef9ba-1';

/** The CRM with a ticket for an SMS and one for a call, which it knows by their Vonage ids alone. */
function startVonageIdCrm() {
  const tickets = new Map([smsId, callId].map((id) => [id, { id: `T-${id}`, subject: `About ${id}` }]));
  return startSubgraph({
    typeDefs: crmSdl,
    resolvers: {
      VonageRecord: { ticket: ({ vonageId }: { vonageId: string }) => tickets.get(vonageId) ?? null },
    },
    port: 0,
  });
}

test.each([
  ['@apollo/gateway', apolloGateway],
  ['Hive Gateway', hiveGateway],
] as const)(
  'through %s records of several products lead to the tickets of their Vonage ids',
  async (_name, start) => {
    await using gateway = await startTestGateway({ config: { graphql: { routerSecret } } });
    const crm = await startVonageIdCrm();
    const urls = { records: `${gateway.url}/graphql`, crm: crm.url };
    const { supergraphSdl: supergraph = '' } = composeWithApollo(servicesOf(crmSdl, urls));
    const router = await start({ supergraph, routerSecret });
    const { data, errors } = await router.ask(`{
    records(ids: ["${smsId}", "${callId}", "7b109636-1a05-11eb-bad9-38f9d3316493"]) {
      results { requestedId records { __typename ticket { subject } } }
    }
    smsRecord(id: "${smsId}", direction: OUTBOUND) { ... on VonageRecord { ticket { subject } } }
  }`);
    await Promise.all([router.close(), crm.close()]);

    expect(errors ?? []).toEqual([]);
    expect(data.records.results.flatMap(({ records }: any) => records)).toEqual([
      { __typename: 'SmsOutboundRecord', ticket: { subject: `About ${smsId}` } },
      { __typename: 'VoiceCallRecord', ticket: { subject: `About ${callId}` } },
      { __typename: 'VerifyApiRecord', ticket: null },
    ]);
    expect(data.smsRecord).toEqual({ ticket: { subject: `About ${smsId}` } });
  },
);
