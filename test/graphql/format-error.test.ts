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

test('a fault that GraphQL found is told in its own words', () => {
  expect(toClientError('Cannot query field "a" on type "Query".')).toEqual({
    code: 'BAD_USER_INPUT',
    message: 'Cannot query field "a" on type "Query".',
  });
});

test('a message that quotes a long value is cut', () => {
  const { message } = toClientError(`Variable "$a" got invalid value "${'x'.repeat(10_000)}"`);
  expect(message).toHaveLength(301);
  expect(message).toMatch(/^Variable "\$a" got invalid value "x+…$/);
});

test('more tokens than are allowed are a limit, by what this version of GraphQL throws', () => {
  const message = thrownBy(() => parse('{ a b c d }', { maxLexicalTokens: 5 }));
  expect(toClientError(message)).toEqual({
    code: 'QUERY_TOO_COMPLEX',
    message: 'The document holds more than 5 tokens; at most 5 are allowed.',
  });
});

test('a stack that overflows is a limit, by what this version of Node throws', () => {
  const dive = (): unknown => [dive()];
  expect(toClientError(thrownBy(dive))).toEqual({
    code: 'QUERY_TOO_COMPLEX',
    message: 'The document is nested too deeply to be read.',
  });
});

test.each([
  'Variable "$a" got invalid value "Syntax Error: Document contains more that 5 tokens"',
  'Variable "$a" got invalid value "Maximum call stack size exceeded"',
])('what a caller wrote itself is no limit: %s', (message) => {
  expect(toClientError(message).code).toBe('BAD_USER_INPUT');
});

describe('names of the schema that are proposed', () => {
  test.each([
    [
      'Cannot query field "a" on type "Query". Did you mean "b" or "c"?',
      'Cannot query field "a" on type "Query".',
    ],
    ['Nothing is proposed.', 'Nothing is proposed.'],
    [
      'Value "Did you mean it?" is wrong. Did you mean the enum value "SMS"?',
      'Value "Did you mean it?" is wrong.',
    ],
    ['Value "Did you mean it?" is wrong.', 'Value "Did you mean it?" is wrong.'],
  ])('are left out: %s', (message, rest) => {
    const error = { message, path: ['a'], extensions: { code: 'X' } };
    expect(withoutSuggestion(error)).toEqual({ ...error, message: rest });
  });
});
