import type { FieldNode } from 'graphql';

/** Whether a field asks for the schema. `__typename` only names what the caller sees anyway. */
export function isIntrospection({ name: { value } }: FieldNode): boolean {
  return value === '__schema' || value === '__type';
}
