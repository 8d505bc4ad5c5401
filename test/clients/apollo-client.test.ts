import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { MixedRecordsDocument } from '../../examples/generated/operations.js';
import possibleTypes from '../../examples/generated/possible-types.js';
import { startTestGateway } from '../support/start-gateway.js';
import {
  type CachedRecord,
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

/** Apollo Client as docs/clients.md sets it up, with its default error policy. */
function clientOf(url: string) {
  const cache = new InMemoryCache({
    ...possibleTypes,
    typePolicies: { Node: { keyFields: ({ id }) => id as string } },
  });
  return new ApolloClient({ cache, link: new HttpLink({ uri: `${url}/graphql` }) });
}

/** The objects of the cache that stand for records, without those of the query itself. */
function cachedRecords(client: ApolloClient): CachedRecord[] {
  return Object.values(client.extract() as unknown as Record<string, CachedRecord>).filter(({ id }) => id);
}

test('a screen with one bad id among four shows three records and one failed result', async () => {
  await using gateway = await startTestGateway();
  gateway.simulator.faults.poisonIds.add('poison-1');
  const [first = '', ...others] = mixedIds;
  const ids = [first, 'poison-1', ...others];
  const { data, error } = await clientOf(gateway.url).query({
    query: MixedRecordsDocument,
    variables: { ids },
  });

  expect(error).toBeUndefined();
  const results = data?.records.results ?? [];
  expect(results.map(({ requestedId, outcome }) => [requestedId, outcome])).toEqual([
    [first, 'FOUND'],
    ['poison-1', 'FAILED'],
    [others[0], 'FOUND'],
    [others[1], 'FOUND'],
  ]);
  expect(results[1]).toMatchObject({
    records: [],
    error: { code: 'UPSTREAM_REJECTED', isRetryable: false, retryAfterMs: null },
  });
  const records = results.flatMap((result) => result.records);
  expect(records.map(({ __typename }) => __typename)).toEqual([
    'SmsOutboundRecord',
    'VoiceCallRecord',
    'VerifyApiRecord',
  ]);
});

test('a mixed search selects vonageStatus without aliases, and the cache holds each record once', async () => {
  await using gateway = await startTestGateway();
  const client = clientOf(gateway.url);
  const { data } = await client.query<{ records: LookupData }>({
    query: gql(mixedSearchText),
    variables: { ids: [...mixedIds, smsId] },
  });

  expect(outcomesOf(data?.records as LookupData).map(([, , statuses]) => statuses)).toEqual([
    ['delivered'],
    [expect.stringMatching(/^[A-Za-z]+$/)],
    ['SUCCESS'],
    ['delivered'],
  ]);
  expect(cachedRecords(client).map(({ __typename }) => __typename)).toEqual([
    'SmsOutboundRecord',
    'VoiceCallRecord',
    'VerifyApiRecord',
  ]);
});

test.each(segmentKinds)(
  'three rows of one call %s are three objects in the cache, in whatever order they come',
  async (_which, rowIds) => {
    await using gateway = await startTestGateway();
    const client = clientOf(gateway.url);
    const options = { query: gql(segmentsText), variables: { ids: [setSegments(gateway, rowIds)] } };
    await client.query(options);
    setSegments(gateway, rowIds, [2, 0, 1]);
    await client.query({ ...options, fetchPolicy: 'network-only' });

    expect(
      cachedRecords(client)
        .map(({ totalPrice }) => totalPrice)
        .toSorted(),
    ).toEqual(segmentPrices);
    const shown = client.readQuery<{ records: LookupData }>(options)?.records as LookupData;
    expect(pricesOf(shown).toSorted()).toEqual(segmentPrices);
  },
);

test('two lookups of one id in one document do not overwrite each other', async () => {
  await using gateway = await startTestGateway();
  const client = clientOf(gateway.url);
  const options = { query: gql(twoLookupsText), variables: { ids: [smsId, callId] } };
  await client.query(options);
  const cached = client.readQuery<{ sms: LookupData; calls: LookupData }>(options);

  expect(cached && outcomesOf(cached.sms)).toEqual([
    [smsId, 'FOUND', ['delivered']],
    [callId, 'NOT_FOUND', []],
  ]);
  expect(cached && outcomesOf(cached.calls)).toEqual([
    [smsId, 'NOT_FOUND', []],
    [callId, 'FOUND', [expect.any(String)]],
  ]);
});
