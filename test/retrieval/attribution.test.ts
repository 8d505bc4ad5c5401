import { attribute } from '../../src/retrieval/calls/attribution.js';

test('any number of rows are given to their ids, one look at each', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => ({ id: `id${index % 2}`, index }));
  const { found, unattributedRows } = attribute(['id0', 'id1', 'id2'], { rows, idsNotFound: ['id2'] }, [
    'id',
  ]);
  expect([...found].map(([key, own]) => [key, own.length])).toEqual([
    ['id0', 100_000],
    ['id1', 100_000],
  ]);
  expect(found.get('id1')?.slice(0, 2)).toEqual([rows[1], rows[3]]);
  expect(unattributedRows).toBe(0);
});
