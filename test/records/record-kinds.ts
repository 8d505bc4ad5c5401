import {
  type ExecutionResult,
  execute,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  parse,
} from 'graphql';
import { rulesOf } from '../../src/catalogue/products.js';
import type { UsageRecord, WireRow } from '../../src/records/base.js';
import { compileDecoder, type RecordOrigin } from '../../src/records/decode.js';
import { fullVisibility } from '../../src/records/record-mask.js';
import { type RecordShape, type RecordTypeEntry, recordTypes } from '../../src/records/record-types.js';
import { schema, shapes } from './record-shapes.js';

/** Moment at which finality is judged, unless a test says otherwise. */
const nowMs = Date.UTC(2026, 0, 10);

/** One record type, with all that a row of it goes through on its way to a caller. */
export interface RecordKind {
  readonly name: string;
  readonly entry: RecordTypeEntry;
  readonly shape: RecordShape;
  decode(row: WireRow, origin?: Partial<RecordOrigin>): UsageRecord;
  /** Decodes the row and answers every field of it through GraphQL, as a caller would get it. */
  answer(row: WireRow, origin?: Partial<RecordOrigin>): ExecutionResult<{ record: Record<string, unknown> }>;
}

/** Every record type, in the order of the products. */
export const recordKinds: readonly RecordKind[] = recordTypes.map(recordKind);

/** The record type of this name. */
export function kindNamed(name: string): RecordKind {
  const found = recordKinds.find((each) => each.name === name);
  if (!found) throw new Error(`Expected a record type named ${name}`);
  return found;
}

/** A row as it comes off the wire: `__proto__` becomes a key like any other, which no object literal can write. */
export function parseRow(json: string): WireRow {
  return JSON.parse(json) as WireRow;
}

function recordKind(entry: RecordTypeEntry): RecordKind {
  const { name } = entry.recordClass;
  const shape = shapes.get(name);
  if (!shape) throw new Error(`Expected a shape named ${name}`);
  const decoder = compileDecoder(entry.recordClass, shape);
  const defaults = {
    rules: rulesOf(entry.product),
    accountId: 'abcd1234',
    direction: entry.direction,
    id: 'asked-id',
    place: 0,
    nowMs,
    sees: fullVisibility,
  };
  const decode = (row: WireRow, origin: Partial<RecordOrigin> = {}) =>
    decoder(row, { ...defaults, siblings: [row], ...origin });
  const question = parse(`{ record { ${shape.fields.map((field) => field.name).join(' ')} } }`);
  const single = schemaOf(schema.getType(name));
  const answer = (row: WireRow, origin: Partial<RecordOrigin> = {}) =>
    execute({ schema: single, document: question, rootValue: { record: decode(row, origin) } }) as ReturnType<
      RecordKind['answer']
    >;
  return { name, entry, shape, decode, answer };
}

/** A schema that answers one record of a type of the gateway's own. */
function schemaOf(type: GraphQLNamedType | undefined): GraphQLSchema {
  const fields = { record: { type: type as GraphQLObjectType } };
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
}
