import { readFileSync } from 'node:fs';
import { Client, fetchExchange, gql } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { startTestGateway } from '../support/start-gateway.js';
import {
  callId,
  type LookupData,
  mixedIds,
  mixedSearchText,
  outcomesOf,
  pricesOf,
  segmentKinds,
  segmentPrices,
  segmentsText,
  setSegments,
  smsId,
  twoLookupsText,
} from './mixed-search.js';

const schema = introspectionFromSchema(buildSchema(readFileSync('schema/schema.graphql', 'utf8')));
/** The types without an identity. */
const keys = {
  ...{ RecordLookup: () => null, RecordResult: () => null, LookupError: () => null },
  ...{ RecordConnection: () => null, RecordEdge: () => null, PageInfo: () => null },
};

/** urql as docs/clients.md sets it up. Collects what graphcache warns of. */
function clientOf(url: string) {
  const warnings: string[] = [];
  let requests = 0;
  const normalizedCache = cacheExchange({
    schema,
    keys,
    resolvers: { Query: { recordsByDate: relayPagination() } },
    logger: (severity, message) => void (severity === 'debug' || warnings.push(message)),
  });
  const client = new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    exchanges: [normalizedCache, fetchExchange],
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
  });
  return { client, warnings, requests: () => requests };
}

test('a mixed search selects vonageStatus without aliases and is read again from the cache', async () => {
  await using gateway = await startTestGateway();
  const { client, warnings, requests } = clientOf(gateway.url);
  const search = gql<{ records: LookupData }>(mixedSearchText);
  const first = await client.query(search, { ids: mixedIds });
  const again = await client.query(search, { ids: mixedIds });

  expect(first.error).toBeUndefined();
  expect(again.data).toEqual(first.data);
  expect(outcomesOf(again.data?.records as LookupData)).toEqual([
    [mixedIds[0], 'FOUND', ['delivered']],
    [mixedIds[1], 'FOUND', [expect.any(String)]],
    [mixedIds[2], 'FOUND', ['SUCCESS']],
  ]);
  expect(requests()).toBe(1);
  expect(warnings).toEqual([]);
});

test.each(segmentKinds)(
  'three rows of one call %s are three objects in the cache, in whatever order they come',
  async (_which, rowIds) => {
    await using gateway = await startTestGateway();
    const { client, requests } = clientOf(gateway.url);
    const ids = [setSegments(gateway, rowIds)];
    const segments = gql<{ records: LookupData }>(segmentsText);
    const first = await client.query(segments, { ids });
    setSegments(gateway, rowIds, [2, 0, 1]);
    await client.query(segments, { ids }, { requestPolicy: 'network-only' });
    const { data } = await client.query(segments, { ids }, { requestPolicy: 'cache-only' });

    expect(pricesOf(first.data?.records as LookupData).toSorted()).toEqual(segmentPrices);
    expect(pricesOf(data?.records as LookupData).toSorted()).toEqual(segmentPrices);
    const idsOf = (lookup?: LookupData) =>
      lookup?.results.flatMap(({ records }) => records.map(({ id }) => id));
    expect(idsOf(data?.records)?.toSorted()).toEqual(idsOf(first.data?.records)?.toSorted());
    expect(requests()).toBe(2);
  },
);

test('two lookups of one id in one document do not overwrite each other', async () => {
  await using gateway = await startTestGateway();
  const { client, requests } = clientOf(gateway.url);
  const lookups = gql<{ sms: LookupData; calls: LookupData }>(twoLookupsText);
  const ids = [smsId, callId];
  await client.query(lookups, { ids });
  const { data } = await client.query(lookups, { ids });

  expect(data && outcomesOf(data.sms)).toEqual([
    [smsId, 'FOUND', ['delivered']],
    [callId, 'NOT_FOUND', []],
  ]);
  expect(data && outcomesOf(data.calls)).toEqual([
    [smsId, 'NOT_FOUND', []],
    [callId, 'FOUND', [expect.any(String)]],
  ]);
  expect(requests()).toBe(1);
});

test('the parts of a list by date are one list', async () => {
  await using gateway = await startTestGateway();
  const { client, warnings } = clientOf(gateway.url);
  const day = gql(`query Day($after: String) {
    recordsByDate(product: SMS, direction: OUTBOUND, since: "2026-01-05T00:00:00Z", until: "2026-01-06T00:00:00Z", first: 25, after: $after) {
      edges { cursor node { id } }
      pageInfo { hasNextPage endCursor }
    }
  }`);
  let after: string | null = null;
  const sizes: number[] = [];
  do {
    const { data }: { readonly data?: any } = await client.query(day, { after });
    const { edges, pageInfo }: any = data.recordsByDate;
    sizes.push(edges.length);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  expect(sizes).toEqual([25, 50, 60]);
  expect(warnings).toEqual([]);
});
