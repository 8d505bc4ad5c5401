import { buildSchema, parse, specifiedRules, type ValidationRule, validate } from 'graphql';
import { readConfig } from '../../src/config/config.js';
import { GatewayError } from '../../src/errors.js';
import { documentLimitsRule } from '../../src/limits/document-limits.js';

const schema = buildSchema('type Query { a: Query id: ID }');
const rule = documentLimitsRule(readConfig({ MAX_DEPTH: '3' }).limits);

/** Validates as Apollo does, and counts the fields that other rules visit. */
function check(text: string) {
  let fields = 0;
  const spy: ValidationRule = () => ({
    Field() {
      fields++;
    },
  });
  const errors = validate(schema, parse(text), [...specifiedRules, spy, rule], { maxErrors: 4 });
  return { errors, fields };
}

test('a document within the limits is validated as usual', () => {
  expect(check('{ a { a { id } } }')).toEqual({ errors: [], fields: 3 });
  expect(check('{ a { nope } }').errors.map(({ message }) => message)).toEqual([
    'Cannot query field "nope" on type "Query".',
  ]);
});

test.each([
  ['is too deep', '{ a { a { a { id } } } }'],
  ['repeats a field', `{ ${'id '.repeat(1000)} }`],
  ['has other errors too', `{ ${'nope '.repeat(1000)} ...Nope }`],
  [
    'spreads fragments in a circle',
    '{ ...A } fragment A on Query { a { ...B } } fragment B on Query { ...A }',
  ],
])('a document that %s gives one error, and other rules visit none of its fields', (_what, text) => {
  const { errors, fields } = check(text);
  expect(fields).toBe(0);
  expect(errors).toHaveLength(1);
  expect(errors[0]?.originalError).toBeInstanceOf(GatewayError);
  expect(errors[0]?.originalError).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
});

test('fragments that crash the validation itself are rejected like any others', () => {
  const text = `{ ${spreads(0, 9)} } ${Array.from({ length: 90 }, (_, i) => `fragment F${i} on Query { a { ${spreads(2 * i + 1, 2)} ${spreads(3 * i, 1)} } }`).join(' ')}`;
  expect(() => validate(schema, parse(text), specifiedRules, { maxErrors: 4 })).toThrow(RangeError);
  expect(check(text).errors).toHaveLength(1);
});

function spreads(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `...F${(from + index) % 90}`).join(' ');
}
