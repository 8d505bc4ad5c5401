import { parse } from 'graphql';
import { toClientError, withoutSuggestion } from '../../src/graphql/format-error.js';

const thrownBy = (act: () => unknown): string => {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
};

test('an error of GraphQL keeps its message', () => {
  expect(toClientError('Cannot query field "a" on type "Query".')).toEqual({
    code: 'BAD_USER_INPUT',
    message: 'Cannot query field "a" on type "Query".',
  });
});

describe('a message that quotes a long value is shortened, and still says what is wrong:', () => {
  const long = 'x'.repeat(10_000);
  const object = `{ ${Array.from({ length: 500 }, (_, index) => `key${index}: ${index}`).join(', ')} }`;

  test.each([
    [
      'a long text',
      `Variable "$a" got invalid value "${long}"; Expected type "Int".`,
      'Expected type "Int".',
    ],
    [
      'a text in an object',
      `Variable "$a" got invalid value { x: "${long}" }; ID cannot represent value: { x: "${long}" }`,
      '; ID cannot represent value: { x: "xxx',
    ],
    [
      'an object of many keys',
      `Variable "$a" got invalid value ${object}; ID cannot represent value: ${object}`,
      '; ID cannot represent value: ',
    ],
    [
      'a name',
      `Value "${long}" does not exist in "VonageProduct" enum.`,
      'does not exist in "VonageProduct" enum.',
    ],
    ['a name without a reason', `Unknown operation named "${long}".`, 'Unknown operation named "xxx'],
    [
      'a text with the words of a reason',
      `Variable "$a" got invalid value "; Expected ${long}"`,
      'Variable "$a" got',
    ],
  ])('%s', (_what, given, kept) => {
    const { message } = toClientError(given);
    expect(message.length).toBeLessThanOrEqual(302);
    expect(message).toContain(kept);
  });

  test('in linear time, whatever the value is', () => {
    for (const piece of ['"', '; ', '; Expected', '; A', '\\', '{'])
      expect(toClientError(piece.repeat(100_000)).message.length).toBeLessThanOrEqual(302);
  });
});

test('the error of this version of GraphQL for too many tokens is QUERY_TOO_COMPLEX', () => {
  const message = thrownBy(() => parse('{ a b c d }', { maxLexicalTokens: 5 }));
  expect(toClientError(message)).toEqual({
    code: 'QUERY_TOO_COMPLEX',
    message: 'The document holds more than 5 tokens; at most 5 are allowed.',
  });
});

test('the error of this version of Node for a stack overflow is QUERY_TOO_COMPLEX', () => {
  const dive = (): unknown => [dive()];
  expect(toClientError(thrownBy(dive))).toEqual({
    code: 'QUERY_TOO_COMPLEX',
    message:
      'The document is nested too deeply to be parsed; nest its selections, lists and objects less deeply.',
  });
});

test.each([
  'Variable "$a" got invalid value "Syntax Error: Document contains more that 5 tokens"',
  'Variable "$a" got invalid value "Maximum call stack size exceeded"',
])('a quoted value that looks like a limit stays BAD_USER_INPUT: %s', (message) => {
  expect(toClientError(message).code).toBe('BAD_USER_INPUT');
});

describe('suggested names of the schema', () => {
  test.each([
    [
      'Cannot query field "a" on type "Query". Did you mean "b" or "c"?',
      'Cannot query field "a" on type "Query".',
    ],
    ['A message without a suggestion.', 'A message without a suggestion.'],
    [
      'Value "Did you mean it?" is wrong. Did you mean the enum value "SMS"?',
      'Value "Did you mean it?" is wrong.',
    ],
    ['Value "Did you mean it?" is wrong.', 'Value "Did you mean it?" is wrong.'],
  ])('are removed: %s', (message, rest) => {
    const error = { message, path: ['a'], extensions: { code: 'X' } };
    expect(withoutSuggestion(error)).toEqual({ ...error, message: rest });
  });
});
