import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { MixedRecordsDocument, RecordByGlobalIdDocument } from '../../examples/generated/operations.js';
import { startTestGateway } from '../support/start-gateway.js';

const ids = [
  '15000000E1F8B123',
  '7267dedb75adbc3094c7926a0d5ef9ba-1',
  '7b109636-1a05-11eb-bad9-38f9d3316493',
];

test('urql caches a mixed response and finds each record again by its global id', async () => {
  await using gateway = await startTestGateway();
  let requests = 0;
  const client = new Client({
    url: `${gateway.url}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
  });
  const first = await client.query(MixedRecordsDocument, { ids });
  const again = await client.query(MixedRecordsDocument, { ids });
  const records = first.data?.records.results.flatMap((result) => result.records) ?? [];

  expect(first.error).toBeUndefined();
  expect(records.map(({ __typename }) => __typename)).toEqual([
    'SmsOutboundRecord',
    'VoiceCallRecord',
    'VerifyApiRecord',
  ]);
  expect(again.data).toEqual(first.data);
  expect(requests).toBe(1);
  for (const record of records) {
    const { data } = await client.query(RecordByGlobalIdDocument, { id: record.id });
    expect(data?.node).toEqual(record);
  }
});

test('urql with its defaults, which sends queries by GET, is told which option it needs', async () => {
  await using gateway = await startTestGateway();
  const client = new Client({ url: `${gateway.url}/graphql`, exchanges: [cacheExchange, fetchExchange] });
  const { error } = await client.query(MixedRecordsDocument, { ids });
  expect(error?.message).toContain('preferGetMethod: false');
});
