import fc from 'fast-check';
import { plantedNumbersIn, plantedRow, plantedWordsIn } from './planted-values.js';
import { recordKinds } from './record-kinds.js';

const kinds = recordKinds.map((kind) => [kind.name, kind] as const);

test.each(kinds)(
  'a %s shows no planted number, name, address or text to a caller without scopes',
  (_name, kind) => {
    fc.assert(
      fc.property(plantedRow(kind, 'own-id'), (row) => {
        const shown = JSON.stringify(
          kind.answer(row, { id: 'own-id', sees: { numbers: false, content: false } }),
        );
        expect([...plantedNumbersIn(shown), ...plantedWordsIn(shown)]).toEqual([]);
      }),
      { numRuns: 25 },
    );
  },
);

test.each(kinds)('a %s shows no planted number to a caller who may see texts', (_name, kind) => {
  fc.assert(
    fc.property(plantedRow(kind, 'own-id'), (row) => {
      const shown = JSON.stringify(
        kind.answer(row, { id: 'own-id', sees: { numbers: false, content: true } }),
      );
      expect(plantedNumbersIn(shown)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test.each(kinds)('a %s has planted values, which a caller with all scopes sees', (_name, kind) => {
  const [row = {}] = fc.sample(plantedRow(kind, 'own-id'), 1);
  const shown = JSON.stringify(kind.answer(row, { id: 'own-id' }));
  expect(plantedNumbersIn(shown)).not.toEqual([]);
  expect(plantedWordsIn(shown)).not.toEqual([]);
});
