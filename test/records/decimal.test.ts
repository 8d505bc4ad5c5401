import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { Decimal } from '../../src/records/scalars.js';

const numbers = ['0', '0.03330000', '-12.5', '12345678901234567890.123456789012345678', '007'];
const others = ['', ' ', '+1', '1.', '.5', '1e3', '1,5', 'NaN', 'Infinity', '1\n', '0x1', '--1'];

test.each(numbers)('%s goes out as it is, digit for digit', (text) => {
  expect(Decimal.serialize(text)).toBe(text);
});

test.each(numbers)('%s comes in as it is, as a variable', (text) => {
  expect(Decimal.parseValue(text)).toBe(text);
});

test.each([
  ['a string', { kind: Kind.STRING, value: '0.03330000' }, '0.03330000'],
  ['an integer', { kind: Kind.INT, value: '12345678901234567890' }, '12345678901234567890'],
  ['a float', { kind: Kind.FLOAT, value: '0.10' }, '0.10'],
] as const)('%s in an operation keeps its digits', (_, node, digits) => {
  expect(Decimal.parseLiteral(node)).toBe(digits);
});

test.each(others)('%p is refused in every place', (text) => {
  expect(() => Decimal.serialize(text)).toThrow(GraphQLError);
  expect(() => Decimal.parseValue(text)).toThrow(GraphQLError);
  expect(() => Decimal.parseLiteral({ kind: Kind.STRING, value: text })).toThrow(GraphQLError);
});

test.each([0.1, 1n, true, null, undefined, [], ['1'], {}, new Date(0)])(
  '%p is refused, since only a string keeps every digit',
  (value) => {
    expect(() => Decimal.serialize(value)).toThrow('Decimal must be a string of digits');
    expect(() => Decimal.parseValue(value)).toThrow('Decimal must be a string of digits');
  },
);

test.each<ValueNode>([
  { kind: Kind.BOOLEAN, value: true },
  { kind: Kind.NULL },
  { kind: Kind.ENUM, value: 'ONE' },
  { kind: Kind.LIST, values: [] },
])('a literal of kind $kind is refused, and the error says where it stands', (node) => {
  expect(errorOf(() => Decimal.parseLiteral(node))).toMatchObject({
    message: `Decimal must be a string of digits, got: ${node.kind}`,
    nodes: [node],
  });
});

test('a refused value is not repeated in the message', () => {
  expect(errorOf(() => Decimal.parseValue('secret')).message).not.toContain('secret');
});

function errorOf(attempt: () => unknown): GraphQLError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
  }
  throw new Error('Expected a GraphQLError');
}
