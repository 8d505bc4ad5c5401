import { type GraphQLField, type GraphQLObjectType, getNamedType, isEnumType, isScalarType } from 'graphql';

/** How a wire value is read; one kind per scalar of the schema, and one for its enums. */
export type FieldKind = 'ID' | 'String' | 'Int' | 'Boolean' | 'DateTime' | 'Decimal' | 'JSONObject' | 'Enum';

export interface FieldShape {
  /** Name in GraphQL and on the class. */
  readonly name: string;
  /** Wire names that may hold the value, the first present one wins; empty for a derived field. */
  readonly wire: readonly string[];
  readonly kind: FieldKind;
  /** The values Vonage documents, for an enum; empty otherwise. */
  readonly enumValues: readonly string[];
}

/** What a decorated class says about its rows, read off the finished GraphQL type. */
export interface RecordShape {
  readonly typeName: string;
  readonly fields: readonly FieldShape[];
}

/** The shape of a record type. Edges to other records are no part of it: they are not on the wire. */
export function recordShape(type: GraphQLObjectType): RecordShape {
  const fields = Object.values(type.getFields()).flatMap((field) => fieldShape(field) ?? []);
  return Object.freeze({ typeName: type.name, fields: Object.freeze(fields) });
}

function fieldShape(field: GraphQLField<unknown, unknown>): FieldShape | undefined {
  const type = getNamedType(field.type);
  const enumValues = isEnumType(type) ? type.getValues().map((each) => String(each.value)) : [];
  if (isEnumType(type)) return { name: field.name, wire: wireNames(field), kind: 'Enum', enumValues };
  if (!isScalarType(type)) return undefined;
  return { name: field.name, wire: wireNames(field), kind: type.name as FieldKind, enumValues };
}

function wireNames(field: GraphQLField<unknown, unknown>): readonly string[] {
  const { derived, wire } = field.extensions as { derived?: boolean; wire?: string | string[] };
  if (derived) return [];
  return wire === undefined ? [snakeCase(field.name)] : [wire].flat();
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
