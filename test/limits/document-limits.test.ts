import fc from 'fast-check';
import { type DocumentNode, Kind, parse, visit } from 'graphql';
import { readConfig } from '../../src/config/config.js';
import { findExceededLimit, mostRepeatedField } from '../../src/limits/document-limits.js';
import { sizeOfDocument } from '../../src/limits/document-size.js';

const { limits } = readConfig({});
const times = (count: number, textOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => textOf(index)).join(' ');
const sizeOf = (text: string) => sizeOfDocument(parse(text));

describe('the size of a document', () => {
  test('counts fields, aliases, directives and depth', () => {
    const { operations } = sizeOf(`query ($a: ID @one) @two {
      a: record @three { b: id ... @four { vonageId } }
      node { id }
    }`);
    expect(operations).toEqual([
      {
        fields: 2,
        selections: 6,
        aliases: 2,
        aliasLength: 1,
        directives: 4,
        depth: 2,
        introspectionDepth: 0,
      },
    ]);
  });

  test('counts a fragment as often as it is spread, with its directives', () => {
    const { operations, definitions, selections } = sizeOf(
      '{ a { ...F } b { ...F @one } } fragment F on Any @two { c: d { e } }',
    );
    expect(operations).toEqual([
      {
        fields: 2,
        selections: 8,
        aliases: 2,
        aliasLength: 1,
        directives: 3,
        depth: 3,
        introspectionDepth: 0,
      },
    ]);
    expect([definitions, selections]).toEqual([2, 8]);
  });

  test('counts the depth below introspection separately', () => {
    const { operations } = sizeOf('{ a { b } __schema { types { fields { name } } } __typename }');
    expect(operations[0]).toMatchObject({ depth: 2, introspectionDepth: 4 });
  });

  test('counts all operations, and fragments that no operation spreads', () => {
    const { operations, selections } = sizeOf(
      'query A { a } query B { b c } fragment F on Any { ...G } fragment G on Any { d e }',
    );
    expect([operations.length, selections]).toEqual([2, 3 + 3 + 2]);
  });

  test('counts both fragments of one name, whichever of them validation uses', () => {
    const { selections } = sizeOf('{ ...F } fragment F on Any { a b c } fragment F on Any { d }');
    expect(selections).toBe(5);
  });

  test('counts an unknown fragment as empty', () => {
    expect(sizeOf('{ ...Nope }').selections).toBe(1);
  });

  test.each([
    ['itself', '{ ...A } fragment A on Any { ...A }'],
    [
      'itself through another fragment',
      '{ ...A } fragment A on Any { a { ...B } } fragment B on Any { ...A }',
    ],
    ['itself, and no operation spreads it', '{ a } fragment A on Any { ... { ...A } }'],
  ])('is endless where a fragment spreads %s', (_what, text) => {
    expect(sizeOf(text).endlessFragment).toMatch(/^[AB]$/);
    expect(findExceededLimit(parse(text), limits)).toMatch(
      /^The fragment [AB] spreads itself, directly or through other fragments; no fragment may\.$/,
    );
  });

  test('of a fragment bomb is found by one visit to each of its selections', () => {
    const count = 90;
    const text = `{ a { ...F0 } } ${times(count, (i) => `fragment F${i} on Any { ...F${i + 1} ...F${i + 1} }`)} fragment F${count} on Any { a }`;
    const { document, visits } = watched(parse(text));
    expect(findExceededLimit(document, limits)).toBe(
      'The document selects 1000000 or more fields and fragments; at most 5000 are allowed.',
    );
    expect(visits()).toBeLessThanOrEqual(2 * count + 3);
  });

  test('is found for a document that is nested as deeply as the tokens allow', () => {
    const depth = limits.maxTokens / 4;
    expect(findExceededLimit(parse(`${'{a'.repeat(depth)}${'}'.repeat(depth)}`), limits)).toMatch(
      /fields deep/,
    );
    expect(
      findExceededLimit(parse(`{${'...{'.repeat(depth)}a${'}'.repeat(depth)}}`), limits),
    ).toBeUndefined();
  });

  test('equals the size of the document with every fragment expanded', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const [written] = sizeOfDocument(inlined(document)).operations;
        const [spread] = sizeOfDocument(document).operations;
        expect(spread).toEqual(written);
      }),
    );
  });
});

describe('the most repeated field', () => {
  const most = (text: string) => mostRepeatedField(parse(text));

  test('is counted by its name in the response', () => {
    expect(most('{ a b c: a a: d }')).toEqual(expect.objectContaining({ name: 'a', times: 2 }));
  });

  test('is counted through fragments for all types together', () => {
    expect(most('{ ...F ... on A { x } ... on B { x } ... { x } } fragment F on C { x }').times).toBe(4);
  });

  test('is counted over all selections of one field of the response', () => {
    expect(most('{ a { x } a { x } ... { a { x x } } }')).toEqual(
      expect.objectContaining({ name: 'x', times: 4 }),
    );
  });

  test('is not counted across two fields of the response, nor for a fragment that is spread twice', () => {
    expect(most('{ a { x } b { x } }').times).toBe(1);
    expect(most('{ ...F ...F } fragment F on C { x }').times).toBe(1);
  });

  test('is counted in fragments that no operation spreads', () => {
    expect(most('{ a } fragment F on C { x x x }').times).toBe(3);
  });
});

describe('a document within the limits', () => {
  test.each([
    ['all allowed aliases', `{ ${times(100, (i) => `a${i}: __typename`)} }`],
    ['all allowed directives', `{ ${times(50, (i) => `a${i}: __typename @skip(if: false)`)} }`],
    ['all allowed repeats', `{ ${times(30, () => '__typename')} }`],
    ['all allowed definitions', times(100, (i) => `query Q${i} { a }`)],
    ['the deepest allowed path', `${'{ a '.repeat(10)}${'}'.repeat(10)}`],
  ])('may hold %s', (_what, text) => {
    expect(findExceededLimit(parse(text), limits)).toBeUndefined();
  });
});

const names = ['F0', 'F1', 'F2', 'F3'];

/** Selections in which a fragment spreads only later fragments, so that no fragment spreads itself. */
function selectionsFrom(fragment: number): fc.Arbitrary<string> {
  const { selections } = fc.letrec<{ selection: string; selections: string }>((tie) => ({
    selections: fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((all) => all.join(' ')),
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b: a', 'a @d', '__schema { a }'),
      fc.constantFrom('x', ...names.slice(fragment).map((name) => `...${name}`)),
      tie('selections').map((inner) => `... @d { ${inner} }`),
      fc
        .tuple(fc.constantFrom('a', 'c: a', '__type'), tie('selections'))
        .map(([f, inner]) => `${f} { ${inner} }`),
    ),
  }));
  return selections;
}

const documents = fc
  .tuple(...[0, 1, 2, 3, 4].map(selectionsFrom))
  .map(([operation, ...fragments]) =>
    parse(
      `{ ${operation} } ${fragments.map((inner, index) => `fragment F${index} on Any { ${inner} }`).join(' ')}`,
    ),
  );

/** The same document with an inline fragment in place of each spread. */
function inlined(document: DocumentNode): DocumentNode {
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  const write = <Node extends DocumentNode['definitions'][number]>(node: Node): Node =>
    visit(node, {
      FragmentSpread: {
        enter({ name, directives = [] }) {
          const fragment = fragments.get(name.value);
          return fragment && { ...write(fragment), kind: Kind.INLINE_FRAGMENT, directives };
        },
      },
    });
  return { ...document, definitions: document.definitions.slice(0, 1).map(write) };
}

/** A document that counts the visits to its selections. */
function watched(document: DocumentNode) {
  let count = 0;
  const watch = visit(document, {
    SelectionSet: {
      leave: (node) => ({
        ...node,
        get selections() {
          count += node.selections.length;
          return node.selections;
        },
      }),
    },
  });
  return { document: watch, visits: () => count };
}
