import fc from 'fast-check';
import { hostileText } from './hostile-text.js';

type Damage = (text: string) => string;

/** Tokens that change the meaning of a document. */
const tokens = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '!',
  '...',
  '@',
  '$',
  '&',
  '|',
  '=',
  ':',
  '"',
  '"""',
  '#',
  ',',
  '\\',
  '\ufeff',
  '\u0000',
  '\u2028',
  ' ',
  '1e999',
  '-',
  '0'.repeat(50),
  '9'.repeat(5000),
  'null',
  'on',
  'fragment F0 on Query { __typename }',
  'mutation { a }',
  'subscription S { record(id: "a") { id } }',
  'extend type Query { a: Int }',
  'query Operation0 { __typename }',
  '@include(if: null)',
  '@skip',
  '@defer',
  '@deprecated',
  '@key(fields: "id")',
  'ñ',
  'VonageRecord',
  'id',
  'nothing',
  '"\\ud800"',
  '"\\u{110000}"',
  '__proto__',
  'constructor',
  '__typename',
  '...F0',
  '...F1',
  'recordd',
  '$v0',
  '($v0: ID)',
  ': [Nothing!]!',
  `"${'a'.repeat(10_240)}"`,
  `# ${'c'.repeat(20_000)}\n`,
];

const at = fc.nat(2000);

const insertion = fc.tuple(at, fc.oneof(fc.constantFrom(...tokens), hostileText)).map(
  ([index, put]): Damage =>
    (text) =>
      text.slice(0, index % (text.length + 1)) + put + text.slice(index % (text.length + 1)),
);
const removal = fc.tuple(at, fc.integer({ min: 1, max: 20 })).map(
  ([index, count]): Damage =>
    (text) =>
      text.slice(0, index % (text.length + 1)) + text.slice((index % (text.length + 1)) + count),
);
const repetition = fc.tuple(at, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 50 })).map(
  ([index, length, times]): Damage =>
    (text) => {
      const from = index % (text.length + 1);
      return text.slice(0, from) + text.slice(from, from + length).repeat(times) + text.slice(from + length);
    },
);
/** Replaces a word, so that a document stays well-formed and becomes invalid. */
const renaming = fc.tuple(at, fc.oneof(fc.constantFrom(...tokens), hostileText)).map(
  ([index, word]): Damage =>
    (text) => {
      const words = [...text.matchAll(/\w+/g)];
      const match = words[index % Math.max(1, words.length)];
      return match ? text.slice(0, match.index) + word + text.slice(match.index + match[0].length) : text;
    },
);
const nesting = fc
  .tuple(
    fc.constantFrom(5, 12, 300, 900, 3000, 20_000),
    fc.constantFrom(
      ['{ record(id: "a") { ... on AsrRecord { call ', '{ id }', ' } } }'],
      ['{ record(id: ', '"a"', ') { id } }'],
      ['{', 'id', '}'],
      ['{ ... on Query ', '{ __typename }', ' }'],
      ['[', '1', ']'],
      ['(', ')', ''],
    ),
  )
  .map(
    ([depth, [open = '', core = '', close = '']]): Damage =>
      () =>
        (open.repeat(depth) + core + close.repeat(depth)).slice(0, 200_000),
  );

/** Changes the kind of the operation to one that the schema does not have. */
const change: fc.Arbitrary<Damage> = fc
  .constantFrom('mutation', 'subscription', 'QUERY', 'fragment')
  .map((kind) => (text) => text.replace('query', kind));

/** Damages a document in one to four places, or rarely replaces it by a deeply nested one. */
export const damage: fc.Arbitrary<Damage> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: insertion },
      { weight: 3, arbitrary: removal },
      { weight: 2, arbitrary: repetition },
      { weight: 5, arbitrary: renaming },
      { weight: 1, arbitrary: nesting },
      { weight: 1, arbitrary: change },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((steps) => (text) => steps.reduce((damaged, step) => step(damaged), text));
