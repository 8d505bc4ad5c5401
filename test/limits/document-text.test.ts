import fc from 'fast-check';
import { Lexer, Source, TokenKind } from 'graphql';
import { GatewayError } from '../../src/errors.js';
import { readExampleOperations } from '../../src/http/pages.js';
import { assertTextWithinLimits } from '../../src/limits/document-size.js';

const limits = { maxCharacters: 1000, maxTokens: 10 };

/** The message with which a text is rejected; undefined for a text within the limits. */
function rejectionOf(text: string, most = limits): string | undefined {
  try {
    assertTextWithinLimits(text, most);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect((error as GatewayError).code).toBe('QUERY_TOO_COMPLEX');
    return (error as GatewayError).message;
  }
}

test('a document has as many characters as the limit, and not one more', () => {
  expect(rejectionOf(' '.repeat(1000))).toBeUndefined();
  expect(rejectionOf(' '.repeat(1001))).toBe('The document has 1001 characters; at most 1000 are allowed.');
});

test.each([
  ['commas', ','.repeat(10), ','],
  ['empty comments', '#\n'.repeat(10), '#\n'],
  ['comments that end with a carriage return', '# a, b\r'.repeat(10), ','],
  ['commas between white space', ' ,\t\n'.repeat(10), ','],
  ['commas after a string that holds an escaped quotation mark', `"\\"" ${','.repeat(10)}`, ','],
  ['commas after a block string that holds escaped quotation marks', `"""\\""", """ ${','.repeat(10)}`, ','],
  ['commas on the line after an unfinished string', `"abc\n${','.repeat(10)}`, ','],
])('counts %s', (_what, within, oneMore) => {
  expect(rejectionOf(within.padEnd(20))).toBeUndefined();
  expect(rejectionOf((within + oneMore).padEnd(20))).toBe(
    'The document has 11 comments and commas; at most 10 are allowed.',
  );
});

test.each([
  ['a string', `{ a(b: "${',#'.repeat(20)}") }`],
  ['a block string', `{ a(b: """${',#\n"" '.repeat(20)}""") }`],
  ['a comment, beyond the comment itself', `{ a } # ${',#'.repeat(20)}`],
  ['an unfinished block string', `{ a(b: """${',#\\"""'.repeat(20)}`],
])('counts no commas and number signs in %s', (_where, text) => {
  expect(rejectionOf(text)).toBeUndefined();
});

test('counts as many comments and commas as the parser skips, in any valid document', () => {
  const piece = fc.constantFrom(
    'a',
    '{',
    '"x"',
    '"\\","',
    '"""#,\n"""',
    '"""\\""" """',
    ',',
    '#,"\n',
    '#"""\r',
    ' ',
    '\n',
    '\ufeff',
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 15, maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const ignored = ignoredTokens(text);
      fc.pre(ignored !== undefined);
      const most = { maxCharacters: 1000, maxTokens: Math.min(ignored, text.length - 1) };
      expect(rejectionOf(text, most)).toBeUndefined();
      if (ignored > 0)
        expect(rejectionOf(text, { ...most, maxTokens: ignored - 1 })).toContain(`has ${ignored} `);
    }),
  );
});

test('leaves room for every documented operation', () => {
  for (const { document } of readExampleOperations())
    expect(rejectionOf(document, { maxCharacters: 100_000, maxTokens: 4000 })).toBeUndefined();
});

/** Comments and commas of a text, by the tokens of GraphQL's own lexer; undefined for a text that it refuses. */
function ignoredTokens(text: string): number | undefined {
  const lexer = new Lexer(new Source(text));
  let covered = '';
  let comments = 0;
  try {
    while (lexer.advance().kind !== TokenKind.EOF);
  } catch {
    return undefined;
  }
  for (let token = lexer.token.prev; token; token = token.prev) {
    if (token.kind === TokenKind.COMMENT) comments += 1;
    covered = text.slice(token.end, token.next?.start) + covered;
  }
  return comments + covered.split(',').length - 1;
}
