/**
 * A caching client: it reads a record of an earlier lookup by its global id without a second request, and a day of records
 * part after part.
 */
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import {
  MixedRecordsDocument,
  type MixedRecordsQuery,
  RecordByGlobalIdDocument,
  SmsOfDayDocument,
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
    Query: {
      fields: {
        // `node` reads a cached record, because its argument is the cache key.
        node: (known, { args, toReference }) => known ?? toReference(args?.id),
        // The parts of a list become one: its key are all arguments but `first` and `after`.
        recordsByDate: relayStylePagination(['product', 'direction', 'accountId', 'since', 'until', 'where']),
      },
    },
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

const day = {
  query: SmsOfDayDocument,
  variables: { since: '2026-01-05T00:00:00Z', until: '2026-01-06T00:00:00Z', first: 25 },
};
const parts = [await client.query(day)];
const list = client.watchQuery(day);
for (let part = parts[0]; part?.data?.recordsByDate.pageInfo.hasNextPage; part = parts.at(-1)) {
  // The parts of one page of Vonage, which can hold 1,000 records, cost one call together.
  const { endCursor } = part.data.recordsByDate.pageInfo;
  parts.push(await list.fetchMore({ variables: { after: endCursor } }));
}
const whole = client.readQuery(day)?.recordsByDate.edges;
console.log(`By date: ${whole?.length} records in ${parts.length} parts, requests: ${requests}`);

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
