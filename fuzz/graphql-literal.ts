import { type GraphQLInputType, getNamedType, isEnumType } from 'graphql';

const name = /^[_A-Za-z]\w*$/;

/** Writes a JSON value as a GraphQL literal. Omits keys that are not GraphQL names. */
export function graphqlLiteral(value: unknown, type: GraphQLInputType): string {
  if (Array.isArray(value)) return `[${value.map((each) => graphqlLiteral(each, type)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([key]) => name.test(key));
    return `{${fields.map(([key, each]) => `${key}: ${graphqlLiteral(each, type)}`).join(', ')}}`;
  }
  if (typeof value === 'string' && isEnumType(getNamedType(type)) && name.test(value)) return value;
  return JSON.stringify(value);
}
