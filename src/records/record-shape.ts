import { type GraphQLField, type GraphQLObjectType, getNamedType, isEnumType, isScalarType } from 'graphql';
import type { Privacy, WireRow } from './base.js';

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
  /** What the field says about persons; null where it holds no text and nothing of a person. */
  readonly privacy: Privacy | null;
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
  const common = { name: field.name, wire: wireNames(field), enumValues, privacy: privacyOf(field) };
  if (isEnumType(type)) return { ...common, kind: 'Enum' };
  return isScalarType(type) ? { ...common, kind: type.name as FieldKind } : undefined;
}

/** What a field of a record type, or of their interface, says about persons. */
export function privacyOf({ extensions }: GraphQLField<unknown, unknown>): Privacy | null {
  return (extensions as { readonly privacy?: Privacy }).privacy ?? null;
}

function wireNames(field: GraphQLField<unknown, unknown>): readonly string[] {
  const { derived, wire } = field.extensions as { derived?: boolean; wire?: string | string[] };
  if (derived) return [];
  return wire === undefined ? [snakeCase(field.name)] : [wire].flat();
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Wire names that every row may carry beside its type's fields. */
const common = ['account_id', 'direction', 'product'] as const;

export type CommonKey = (typeof common)[number];

const knownKeys = new WeakMap<RecordShape, ReadonlySet<string>>();

/** The keys of a row that its type has no field for: Vonage added something. `raw` shows them. */
export function unknownKeys(row: WireRow, shape: RecordShape): string[] {
  const known = knownKeysOf(shape);
  return Object.keys(row).filter((key) => !known.has(key));
}

function knownKeysOf(shape: RecordShape): ReadonlySet<string> {
  const known = knownKeys.get(shape) ?? new Set([...common, ...shape.fields.flatMap(({ wire }) => wire)]);
  knownKeys.set(shape, known);
  return known;
}
