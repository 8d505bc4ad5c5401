import { Product } from '../../src/catalogue/product.js';
import type { Records } from '../../src/retrieval/record-store.js';
import type { RecordsResponse } from '../../src/vonage/records-response.js';
import { engineWith, operationOf } from '../support/engine.js';

const asr = { products: [Product.ASR], direction: null };
const row = (call_id: string, number: number) => ({
  call_id,
  id: `${call_id}/${number}`,
  date_start: '2020-01-01T00:00:00+0000',
});
const rowsOf: Readonly<Record<string, readonly object[]>> = {
  a: [row('a', 1), row('a', 2)],
  b: [row('b', 1), row('b', 2)],
  c: [row('c', 1)],
};

/** A Vonage whose pages hold so many rows. */
async function engineWithPagesOf(rowsPerPage: number) {
  const subject = await engineWith(
    ({ id }): RecordsResponse => {
      const rows = id.split(',').flatMap((each) => (rowsOf[each] ?? []) as RecordsResponse['rows']);
      const isCutPage = rows.length > rowsPerPage;
      return { rows: rows.slice(0, rowsPerPage), idsNotFound: [], ...(isCutPage && { isCutPage }) };
    },
    { ratePerSecond: 1000 },
  );
  const search = async (ids: readonly string[], operation = operationOf(subject.clock)) => {
    const found = Promise.all(ids.map((id) => subject.find(id, asr, operation)));
    await subject.clock.advance(100);
    return found;
  };
  return { ...subject, search };
}

const rowIds = (records: Records) => records.map(({ rowId }) => rowId);

test('ids whose rows a full page may have cut are asked for again alone, and get all of them', async () => {
  const { search, calls } = await engineWithPagesOf(3);
  const found = await search(['a', 'b', 'c']);
  expect(found.map(rowIds)).toEqual([['a/1', 'a/2'], ['b/1', 'b/2'], ['c/1']]);
  expect(found.map(({ isIncomplete }) => isIncomplete)).toEqual([undefined, undefined, undefined]);
  expect(calls.map(({ id }) => id)).toEqual(['a,b,c', 'a', 'b', 'c']);
});

test('a single id with more rows than a page holds shows those that came, marked as incomplete', async () => {
  const { search, calls } = await engineWithPagesOf(1);
  const [records] = await search(['b']);
  expect(records && rowIds(records)).toEqual(['b/1']);
  expect(records?.isIncomplete).toBe(true);
  expect(calls).toHaveLength(1);
});

test('incomplete rows are not cached: the next lookup asks again', async () => {
  const { search, calls } = await engineWithPagesOf(1);
  await search(['b']);
  const [again] = await search(['b']);
  expect(again?.isIncomplete).toBe(true);
  expect(calls).toHaveLength(2);
});

test('complete rows that were asked for again are cached', async () => {
  const { search, calls } = await engineWithPagesOf(3);
  await search(['a', 'b', 'c']);
  await search(['a', 'b', 'c']);
  expect(calls).toHaveLength(4);
});

test('all rows of every page are charged', async () => {
  const { search, engine, clock } = await engineWithPagesOf(3);
  const operation = operationOf(clock);
  await search(['a', 'b', 'c'], operation);
  expect(operation.meter.usage).toMatchObject({ calls: 4, recordsBilled: 3 + 2 + 2 + 1 });
  expect(engine.recordsBilled).toBe(8);
});

test('where an id has one row, a full page cuts only the ids that are not on it', async () => {
  const subject = await engineWith(({ id }): RecordsResponse => {
    const ids = id.split(',');
    return {
      rows: ids.slice(0, 2).map((message_id) => ({ message_id })),
      idsNotFound: [],
      isCutPage: ids.length > 2,
    };
  });
  const found = Promise.all(['a', 'b', 'c'].map((id) => subject.find(id)));
  await subject.clock.advance(1000);
  expect((await found).map((records) => [records.length, records.isIncomplete])).toEqual([
    [1, undefined],
    [1, undefined],
    [1, undefined],
  ]);
  expect(subject.calls.map(({ id }) => id)).toEqual(['a,b,c', 'c']);
});
