import { type GraphQLLeafType, isEnumType } from 'graphql';

type Check = (value: unknown) => boolean;

const byScalar: Readonly<Record<string, Check>> = {
  ID: isText,
  String: isText,
  Boolean: (value) => typeof value === 'boolean',
  Int: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 31,
  Decimal: (value) => isText(value) && /^-?\d+(\.\d+)?$/.test(value),
  DateTime: (value) =>
    isText(value) &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  JSONObject: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Returns the violation of a scalar or enum value, or undefined if the value is valid. */
export function checkLeaf(type: GraphQLLeafType, value: unknown): string | undefined {
  const fits = isEnumType(type)
    ? type.getValues().some(({ name }) => name === value)
    : byScalar[type.name]?.(value);
  return fits ? undefined : `${JSON.stringify(value)?.slice(0, 100)} is no ${type.name}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
