import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';

const rfc3339Time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/**
 * The library's scalar, which reads times strictly, but writes those that the decoders have made as they are: records are
 * mostly times, and a Date for each of them was a tenth of an answer's cost.
 */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTime.toConfig(),
  description: 'A moment in UTC as RFC 3339 text, such as 2026-11-27T15:08:10.000Z.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize(value) {
    if (typeof value === 'string' && rfc3339Time.test(value)) return value;
    throw new GraphQLError(`DateTime must be a time in UTC as RFC 3339 writes it, got: ${typeof value}`);
  },
});

/** The library's scalar, specified by the document that defines JSON. */
export const JSONObject = new GraphQLScalarType<object, object>({
  ...GraphQLJSONObject.toConfig(),
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
});

/** Names the grammar of docs/decimal.md. The project has no public address, so this is a name, not a place. */
export const decimalSpecification = 'urn:uuid:5f0c1c7e-8d0b-4f6e-9a57-2b1f4de0c9a3';

const decimalText = /^-?\d+(\.\d+)?$/;

/** An exact decimal number as text. Prices carry up to eight decimals, which a float would not keep. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  specifiedByURL: decimalSpecification,
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
