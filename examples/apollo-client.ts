/** A caching client: it reads a record of an earlier lookup by its global id without a second request. */
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import {
  MixedRecordsDocument,
  type MixedRecordsQuery,
  RecordByGlobalIdDocument,
} from './generated/operations.js';
import possibleTypes from './generated/possible-types.js';

type Result = MixedRecordsQuery['records']['results'][number];

const url = process.argv[2] ?? process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';
let requests = 0;

const cache = new InMemoryCache({
  ...possibleTypes,
  typePolicies: {
    // A global id names one record, whatever its type, so it is the whole cache key.
    Node: { keyFields: ({ id }) => id as string },
    // `node` reads a cached record, because its argument is the cache key.
    Query: { fields: { node: (known, { args, toReference }) => known ?? toReference(args?.id) } },
  },
});

const client = new ApolloClient({ cache, link: new HttpLink({ uri: url, fetch: countingFetch }) });

const ids = [
  '15000000E1F8B123',
  '7267dedb75adbc3094c7926a0d5ef9ba-1',
  'no-such-record',
  '7b109636-1a05-11eb-bad9-38f9d3316493',
];
const lookup = await client.query({ query: MixedRecordsDocument, variables: { ids } });
const results = lookup.data?.records.results ?? [];
for (const result of results) console.log(describe(result));
console.log(`${results.length} results, requests: ${requests}`);

const [first] = results.flatMap(({ records }) => records);
if (first) {
  const again = await client.query({ query: RecordByGlobalIdDocument, variables: { id: first.id } });
  console.log(`By its global id: ${again.data?.node?.__typename}, requests: ${requests}`);
}

/** One line for each requested id: its records, or why there are none. */
function describe({ requestedId, outcome, records, error }: Result): string {
  if (error) return `${requestedId}: ${error.code}${error.isRetryable ? ', worth a retry' : ''}`;
  const lines = records.map((each) => `${each.__typename} ${each.totalPrice} ${each.vonageStatus}`);
  return lines.join(', ') || `${requestedId}: ${outcome}`;
}

function countingFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  requests += 1;
  return fetch(...request);
}
