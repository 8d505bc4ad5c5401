import { readFileSync } from 'node:fs';
import { type DefinitionNode, type FieldDefinitionNode, Kind, parse, print, type TypeNode } from 'graphql';
import { schemaFile } from '../package-files.js';
import { UsageError } from './options.js';

/** One line of output: the id that was asked for, and the fields of one of its records. */
export type Row = Readonly<Record<string, unknown>>;

/** A record as the selection of fields returns it. */
export type SelectedRecord = Readonly<Record<string, unknown>>;

/** Fields that most readers want, whatever the product. */
const usualFields = [
  'product',
  'direction',
  'occurredAt',
  'vonageStatus',
  'from',
  'to',
  'totalPrice',
  'currency',
];

/** Name of the column with the id of the input. */
export const requestedId = 'requestedId';

/** The fields of a run: what is selected in the operation, and the columns of the output. */
export class RecordFields {
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /** Selection on `VonageRecord`. */
  readonly selection: string;
  /** Name in the response by type and field, where it differs from the field. */
  readonly #aliases = new Map<string, string>();

  /**
   * @param names names of schema fields; undefined for the usual ones
   * @param product product of the run; undefined for any
   * @throws UsageError for a name that no record type has, and for a product that the schema does not have
   */
  constructor(names: readonly string[] = usualFields, product?: string) {
    const { definitions } = parse(readFileSync(schemaFile, 'utf8'), { noLocation: true });
    checkProduct(product, definitions);
    const types = recordTypesOf(definitions);
    const fields = names.filter((name) => name !== requestedId);
    this.columns = [requestedId, ...fields];
    this.selection = ['__typename', ...fields.map((name) => this.#select(name, types))].join(' ');
  }

  /** The row of a record. */
  rowOf(id: string | undefined, record: SelectedRecord): Row {
    const typeName = String(record.__typename);
    const nameOf = (column: string) => this.#aliases.get(`${typeName}.${column}`) ?? column;
    const entries = this.columns.map((column) => [column, record[nameOf(column)] ?? null]);
    return { ...Object.fromEntries(entries), [requestedId]: id ?? null };
  }

  #select(name: string, { shared, types }: RecordTypes): string {
    const ofAll = shared.get(name);
    if (ofAll) return nameOfLeaf(ofAll);
    const owners = [...types].flatMap(([type, fields]) => {
      const field = fields.get(name);
      return field ? [{ type, field }] : [];
    });
    if (owners.length === 0) throw new UsageError(unknownField(name, { shared, types }));
    // One response name must not stand for values of two types, such as the enums of `status`.
    const needsAlias = new Set(owners.map(({ field }) => field.type)).size > 1;
    return owners
      .map(({ type, field }) => {
        const alias = `${name}Of${type}`;
        if (needsAlias) this.#aliases.set(`${type}.${name}`, alias);
        return `... on ${type} { ${needsAlias ? `${alias}: ` : ''}${nameOfLeaf(field)} }`;
      })
      .join(' ');
  }
}

interface Field {
  readonly name: string;
  readonly type: string;
  /** Whether its value fits one column. */
  readonly isLeaf: boolean;
}

type Fields = ReadonlyMap<string, Field>;

interface RecordTypes {
  /** Fields of every record. */
  readonly shared: Fields;
  /** Fields of each type of record, those of every record included. */
  readonly types: ReadonlyMap<string, Fields>;
}

function checkProduct(product: string | undefined, definitions: readonly DefinitionNode[]): void {
  const names = definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'VonageProduct'
      ? (definition.values ?? []).map(({ name }) => name.value)
      : [],
  );
  if (product !== undefined && !names.includes(product))
    throw new UsageError(`--product must be one of ${names.join(', ')}, got ${JSON.stringify(product)}.`);
}

/** Reads the definitions only: to build the schema takes more memory than a run. */
function recordTypesOf(definitions: readonly DefinitionNode[]): RecordTypes {
  const composite = new Set<string>();
  const types = new Map<string, readonly FieldDefinitionNode[]>();
  let shared: readonly FieldDefinitionNode[] = [];
  for (const definition of definitions) {
    if (!isComposite(definition.kind) || !('name' in definition) || !definition.name) continue;
    composite.add(definition.name.value);
    if (!('fields' in definition) || !('interfaces' in definition)) continue;
    const fields = definition.fields as readonly FieldDefinitionNode[];
    if (definition.name.value === recordInterface) shared = fields;
    else if (definition.interfaces?.some(({ name }) => name.value === recordInterface))
      types.set(definition.name.value, fields);
  }
  const toFields = (nodes: readonly FieldDefinitionNode[]): Fields =>
    new Map(nodes.map((node) => [node.name.value, toField(node, composite)]));
  return {
    shared: toFields(shared),
    types: new Map([...types].map(([name, nodes]) => [name, toFields(nodes)])),
  };
}

const recordInterface = 'VonageRecord';

function isComposite(kind: string): boolean {
  return [Kind.OBJECT_TYPE_DEFINITION, Kind.INTERFACE_TYPE_DEFINITION, Kind.UNION_TYPE_DEFINITION].includes(
    kind as Kind,
  );
}

function toField({ name, type }: FieldDefinitionNode, composite: ReadonlySet<string>): Field {
  return { name: name.value, type: print(type), isLeaf: !composite.has(namedType(type)) };
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** @throws UsageError for a field that has fields of its own, since a column holds one value */
function nameOfLeaf({ name, isLeaf }: Field): string {
  if (isLeaf) return name;
  throw new UsageError(`--fields: ${name} is a record of its own and fits no column.`);
}

function unknownField(name: string, { types }: RecordTypes): string {
  const known = new Set([...types.values()].flatMap((fields) => [...fields.keys()]));
  const alike = [...known].filter((each) => each.toLowerCase().includes(name.toLowerCase().slice(0, 4)));
  const hint = alike.length > 0 ? ` Did you mean ${alike.slice(0, 5).join(', ')}?` : '';
  return `--fields: no record has the field ${JSON.stringify(name)}.${hint} The names are those of the GraphQL schema.`;
}
