/** A caching client. It reads a looked-up record again by its global id without a second request. */
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import {
  MixedRecordsDocument,
  RecordByGlobalIdDocument,
  type RecordSummaryFragment,
} from './generated/operations.js';
import possibleTypes from './generated/possible-types.js';

const url = process.argv[2] ?? process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';
let requests = 0;

const cache = new InMemoryCache({
  ...possibleTypes,
  typePolicies: {
    // A global id identifies a record of any type, so it is the whole key.
    Node: { keyFields: ({ id }) => id as string },
    // Its id is the requested id, which does not identify an object.
    RecordMatch: { keyFields: false },
    Query: { fields: { node: (known, { args, toReference }) => known ?? toReference(args?.id) } },
  },
});

const client = new ApolloClient({ cache, link: new HttpLink({ uri: url, fetch: countingFetch }) });

const ids = [
  '15000000E1F8B123',
  '7267dedb75adbc3094c7926a0d5ef9ba-1',
  '7b109636-1a05-11eb-bad9-38f9d3316493',
];
const lookup = await client.query({ query: MixedRecordsDocument, variables: { ids } });
const records = lookup.data?.records.nodes.filter((node) => node !== null) ?? [];
for (const record of records) console.log(describe(record));
console.log(`${records.length} records, requests: ${requests}`);

const [first] = records;
if (first) {
  const again = await client.query({ query: RecordByGlobalIdDocument, variables: { id: first.id } });
  console.log(`By its global id: ${again.data?.node?.__typename}, requests: ${requests}`);
}

function describe(record: RecordSummaryFragment): string {
  return `${record.__typename} ${record.totalPrice} ${stateOf(record)}`;
}

function stateOf(record: RecordSummaryFragment): string | null {
  if (record.__typename === 'SmsOutboundRecord') return record.smsStatus;
  if (record.__typename === 'VoiceCallRecord') return record.callStatus;
  if (record.__typename === 'VerifyApiRecord') return record.verifyStatus;
  return null;
}

function countingFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  requests += 1;
  return fetch(...request);
}
