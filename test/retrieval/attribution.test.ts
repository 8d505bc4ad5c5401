import { Direction, Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { attribute, type IdFields, rowsOfId } from '../../src/retrieval/calls/attribution.js';
import { engineWith } from '../support/engine.js';

const idField: IdFields = { known: ['id'], drifted: undefined };
type Row = Readonly<Record<string, unknown>>;

/** The rows of each id. */
function ownedBy(keys: readonly string[], rows: readonly Row[], fields: IdFields = idField) {
  return Object.fromEntries(attribute(keys, { rows, idsNotFound: [] }, fields).found);
}

test('any number of rows are given to their ids, one look at each', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => ({ id: `id${index % 2}`, index }));
  const { found, unattributedRows } = attribute(
    ['id0', 'id1', 'id2'],
    { rows, idsNotFound: ['id2'] },
    idField,
  );
  expect([...found].map(([key, own]) => [key, own.length])).toEqual([
    ['id0', 100_000],
    ['id1', 100_000],
  ]);
  expect(found.get('id1')?.slice(0, 2)).toEqual([rows[1], rows[3]]);
  expect(unattributedRows).toBe(0);
});

describe('ids match', () => {
  test('that are numbers in the rows, but not those that JSON has rounded', () => {
    expect(ownedBy(['15', 'b'], [{ id: 15 }, { id: 'b' }])).toEqual({ '15': [{ id: 15 }], b: [{ id: 'b' }] });
    const rounded = String(2 ** 53);
    expect(ownedBy([rounded, 'b'], [{ id: 2 ** 53 }, { id: 'b' }])).toEqual({ b: [{ id: 'b' }] });
  });

  test('that are written in another case, where case means nothing', () => {
    const ids = ['vn-2d0ed9c0-28f2', '15000000e1f8b123', 'CON-a'];
    const rows = [{ id: 'VN-2D0ED9C0-28F2' }, { id: '15000000E1F8B123' }, { id: 'con-A' }];
    expect(Object.keys(ownedBy(ids, rows))).toEqual(ids.slice(0, 2));
  });

  test('with blanks around them', () => {
    expect(ownedBy(['a', 'b'], [{ id: ' a ' }])).toEqual({ a: [{ id: ' a ' }] });
  });
});

test.each(['vn-2d0ed9c0', 'VN-2D0ED9C0'])('a network request asked for as %s is found', async (id) => {
  const { find, clock, calls } = await engineWith(() => ({
    rows: [{ request_session_id: 'vn-2D0ed9c0' }],
    idsNotFound: [],
  }));
  const scope = { products: [Product.NETWORK_API_EVENT], direction: null };
  const both = Promise.all([find(id, scope), find('other', scope)]);
  await clock.advance(1000);
  expect((await both)[0]).toHaveLength(1);
  expect(calls[0]?.id).toBe(`${id},other`);
});

describe('in a call for one id', () => {
  test('rows that name it are its rows, and rows of other ids are not', () => {
    const rows = [{ id: 'a' }, { id: 'b' }, { other: 1 }];
    const { found, unattributedRows } = attribute(['a'], { rows, idsNotFound: [] }, idField);
    expect([Object.fromEntries(found), unattributedRows]).toEqual([{ a: [{ id: 'a' }] }, 2]);
  });

  test('rows that name it in any field are its rows, even if others carry no id at all', () => {
    expect(ownedBy(['a'], [{ uuid: 'a' }, { id: 'b' }, { uuid: 7 }])).toEqual({ a: [{ uuid: 'a' }] });
  });

  test('all rows belong to it where none names it', () => {
    const rows = [{ trace: 'x' }, { trace: 'y' }];
    expect(ownedBy(['a'], rows)).toEqual({ a: rows });
  });
});

describe('rows that carry their ids in a field that the catalogue does not list', () => {
  const drifted = (rows: readonly Row[]) =>
    attribute(['a', 'b'], { rows, idsNotFound: [] }, idField).driftedField;

  test('are attributed by that field', () => {
    const rows = [{ uuid: 'b' }, { uuid: 'a' }];
    expect(ownedBy(['a', 'b'], rows)).toEqual({ a: [{ uuid: 'a' }], b: [{ uuid: 'b' }] });
    expect(drifted(rows)).toBe('uuid');
  });

  test.each<[string, readonly Row[]]>([
    ['two fields of a row name an id', [{ uuid: 'a', ref: 'b' }, { uuid: 'b' }]],
    ['the rows name them in different fields', [{ uuid: 'a' }, { ref: 'b' }]],
    ['a row names none', [{ uuid: 'a' }, { uuid: 'x' }]],
    ['a row names one in a field that the catalogue lists', [{ id: 'a' }, { uuid: 'b' }]],
    ['there are no rows', []],
  ])('are not guessed where %s', (_what, rows) => {
    expect(drifted(rows)).toBeUndefined();
  });

  test('cost one call and one report, now and later', async () => {
    const reported: unknown[] = [];
    const { find, clock, calls, engine } = await engineWith(
      ({ id }) => ({ rows: id.split(',').map((uuid) => ({ uuid })), idsNotFound: [] }),
      {
        onIdFieldDrift: ({ lane: { product, direction }, field }) =>
          reported.push([product, direction, field]),
      },
    );
    const ask = async (ids: readonly string[]) => {
      const found = Promise.all(ids.map((id) => find(id)));
      await clock.advance(1000);
      return (await found).map((records) => records.map(({ raw }) => raw.uuid));
    };
    expect(await ask(['a', 'b'])).toEqual([['a'], ['b']]);
    expect(await ask(['c', 'd'])).toEqual([['c'], ['d']]);
    expect(calls.map(({ id }) => id)).toEqual(['a,b', 'c,d']);
    expect(reported).toEqual([[Product.SMS, Direction.OUTBOUND, 'uuid']]);
    expect(engine.stats().driftedIdFields).toEqual({ 'SMS/outbound': 'uuid' });
  });

  test('are attributed by that field beside rows that name a known one, once the lane has learned it', () => {
    const fields = { known: ['id'], drifted: 'uuid' };
    const rows = [{ id: 'a' }, { uuid: 'b' }, { uuid: 'x' }];
    expect(ownedBy(['a', 'b'], rows, fields)).toEqual({ a: [{ id: 'a' }], b: [{ uuid: 'b' }] });
  });
});

test('equal rows of an id are shown once, in whatever order their keys stand, and each is billed', async () => {
  const rows = [
    { call_id: 'a', text: 'x', more: { b: 1, a: [1, 2] } },
    { more: { a: [1, 2], b: 1 }, text: 'x', call_id: 'a' },
    { call_id: 'a', text: 'y' },
    { call_id: 'a', text: 'x', more: { b: 1, a: [2, 1] } },
  ];
  const own = rowsOfId(rows, 'a', rulesOf(Product.ASR));
  expect(own).toHaveLength(3);
  expect(own.map(({ text }) => text).sort()).toEqual(['x', 'x', 'y']);
  const { find, clock, engine } = await engineWith(() => ({ rows, idsNotFound: [] }));
  const found = find('a', { products: [Product.ASR], direction: null });
  await clock.tick();
  expect(await found).toHaveLength(3);
  expect(engine.recordsBilled).toBe(4);
});
