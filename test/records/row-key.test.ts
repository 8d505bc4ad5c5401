import fc from 'fast-check';
import { rulesOf } from '../../src/catalogue/products.js';
import type { WireRow } from '../../src/records/base.js';
import { decodeGlobalId } from '../../src/records/global-id.js';
import { fullVisibility } from '../../src/records/record-mask.js';
import { plantedRow } from './planted-values.js';
import { kindNamed, type RecordKind, recordKinds } from './record-kinds.js';

const nothing = { numbers: false, content: false };
const asr = kindNamed('AsrRecord');
const verification = kindNamed('VerifyV2Record');
const sms = kindNamed('SmsOutboundRecord');

/** The global ids of rows that a lookup of one id found together. */
function idsOf(kind: RecordKind, siblings: readonly WireRow[], sees = fullVisibility): string[] {
  return siblings.map((row, place) => kind.decode(row, { id: 'own-id', siblings, place, sees }).id);
}

function keysOf(kind: RecordKind, siblings: readonly WireRow[]) {
  return idsOf(kind, siblings).map((id) => decodeGlobalId(id)?.rowKey);
}

test.each(recordKinds.map((kind) => [kind.name, kind] as const))(
  'rows of one id have global ids of their own, the same for every caller and in every order: %s',
  (_name, kind) => {
    const row = fc.oneof(
      plantedRow(kind, 'own-id'),
      fc.constantFrom(
        {},
        { id: 'a' },
        { id: 'b' },
        { id: 'a', to: '447700900123' },
        { id: 'a', to: '447700900223' },
      ),
    );
    const named = row.map(
      (each): WireRow => ({ ...each, [rulesOf(kind.entry.product).idFields[0] ?? 'id']: 'own-id' }),
    );
    const rows = fc.uniqueArray(named, {
      selector: (each) => JSON.stringify(each),
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(rows, fc.nat(), (siblings, turn) => {
        const ids = idsOf(kind, siblings);
        expect(new Set(ids).size).toBe(siblings.length);
        expect(idsOf(kind, [...siblings], nothing)).toEqual(ids);
        const cut = turn % siblings.length;
        const turned = [...siblings.slice(cut), ...siblings.slice(0, cut)].reverse();
        const expected = [...ids.slice(cut), ...ids.slice(0, cut)].reverse();
        expect(idsOf(kind, turned)).toEqual(expected);
        for (const id of ids) expect(decodeGlobalId(id)).toBeDefined();
      }),
      { numRuns: 15 },
    );
  },
);

test('the own id of a row names it, unless another row of the same id has it', () => {
  const row = { call_id: 'aaaa-1', id: 'one' };
  expect(keysOf(asr, [row, { call_id: 'aaaa-1', id: 'two' }])).toEqual(['one', 'two']);
  expect(keysOf(asr, [row, { call_id: 'aaaa-2', id: 'one' }])).toEqual(['one', 'one']);
  const [first, second] = keysOf(asr, [row, { ...row, total_price: '0.02' }]);
  expect([first, second]).toEqual([expect.stringMatching(/^~/), expect.stringMatching(/^~/)]);
  expect(first).not.toBe(second);
});

test('a row that may still change keeps its global id when its status and price change', () => {
  const row = { request_id: 'a', date_received: '2026-01-05T08:00:00Z', status: 'pending' };
  const later = { ...row, status: 'completed', total_price: '0.05', date_finalized: '2026-01-05T08:00:09Z' };
  expect(idsOf(verification, [later])).toEqual(idsOf(verification, [row]));
});

test('a row keeps its global id when a row of another time joins it', () => {
  const row = { call_id: 'aaaa-1', date_start: '2026-01-05T08:00:00Z' };
  const [alone] = idsOf(asr, [row]);
  expect(idsOf(asr, [{ ...row, date_start: '2026-01-05T08:00:01Z' }, row])[1]).toBe(alone);
});

test('a single row of an id that has one row needs no key', () => {
  const row = { message_id: 'own-id', id: 'row' };
  expect(keysOf(sms, [row])).toEqual([null]);
  expect(keysOf(sms, [row, { ...row, id: 'other' }])).toEqual(['row', 'other']);
});

test('the selected detail of a row does not change its global id', () => {
  const rows = [
    { message_id: 'own-id', to: '447700900123' },
    { message_id: 'own-id', to: '447700900456' },
  ];
  const detailed = rows.map((row) => ({ ...row, concatenated: true, message_body: 'Hello' }));
  expect(idsOf(sms, detailed)).toEqual(idsOf(sms, rows));
});
