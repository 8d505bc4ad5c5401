import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const decimalText = /^-?\d+(\.\d+)?$/;

/** An exact decimal number as text. Prices carry up to eight decimals, which a float would not keep. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number as a string, such as "0.03330000"; digits are kept as Vonage wrote them.',
  serialize: validDecimal,
  parseValue: validDecimal,
  parseLiteral(node) {
    if (node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT)
      return validDecimal(node.value);
    throw new GraphQLError(`Decimal must be a string of digits, got: ${node.kind}`, { nodes: node });
  },
});

function validDecimal(value: unknown): string {
  if (typeof value === 'string' && decimalText.test(value)) return value;
  throw new GraphQLError(`Decimal must be a string of digits, got: ${typeof value}`);
}
