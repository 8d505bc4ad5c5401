import {
  doTypesOverlap,
  GraphQLBoolean,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import type { Chooser } from './chooser.js';
import { InputWriter, type InputWriterOptions, type WrittenVariable } from './input-writer.js';

/** A document and the values of its variables. */
export interface WrittenDocument {
  readonly text: string;
  readonly operationNames: readonly string[];
  readonly variables: ReadonlyMap<string, WrittenVariable>;
}

export interface DocumentWriterOptions extends Omit<InputWriterOptions, 'entityNames'> {
  readonly schema: GraphQLSchema;
}

/** State of an operation or a fragment while the writer builds it. */
interface Definition {
  readonly variables: Set<string>;
  readonly spreads: Set<Fragment>;
}

interface Fragment extends Definition {
  readonly name: string;
  readonly on: GraphQLCompositeType;
  text: string;
}

type Field = GraphQLField<unknown, unknown>;

const maxDepth = 7;
/** Number of fields after which the writer adds only minimal selections. */
const enoughFields = 60;
const condition = { name: 'if', type: new GraphQLNonNull(GraphQLBoolean) };
const oddAliases = ['__proto__', 'constructor', 'toString', 'then', 'toJSON', 'length', 'a'.repeat(100)];

/** Writes random documents for a schema. They are valid except for some arguments. */
export class DocumentWriter {
  readonly #schema: GraphQLSchema;
  readonly #choose: Chooser;
  readonly #inputs: InputWriter;
  readonly #composites: readonly GraphQLCompositeType[];
  readonly #fragments: Fragment[] = [];
  /** Signature of each response name, because fields that merge must be equal. */
  readonly #signatures = new Map<string, string>();
  #definition: Definition = newDefinition();
  #fields = 0;
  #names = 0;

  constructor({ schema, ...others }: DocumentWriterOptions) {
    this.#schema = schema;
    this.#choose = others.choose;
    this.#composites = Object.values(schema.getTypeMap()).filter(
      (type) => isCompositeType(type) && !type.name.startsWith('__'),
    ) as GraphQLCompositeType[];
    const entityNames = [...this.#composites.map(({ name }) => name), 'constructor', ''];
    this.#inputs = new InputWriter({ ...others, entityNames });
  }

  write(): WrittenDocument {
    const count = this.#choose.pick([1, 1, 1, 1, 2, 3]);
    const operationNames = Array.from({ length: count }, (_, index) => `Operation${index}`);
    const operations = operationNames.map((name) => this.#operation(name));
    const texts = [...operations, ...this.#fragments.map(({ text }) => text)];
    return { text: texts.join('\n'), operationNames, variables: this.#inputs.variables };
  }

  #operation(name: string): string {
    const definition = newDefinition();
    this.#definition = definition;
    const query = this.#schema.getQueryType() as GraphQLCompositeType;
    const selection = this.#selection(query, 0);
    const declared = [...variablesOf(definition)].map(
      (each) => `$${each}: ${this.#inputs.variables.get(each)?.declaration}`,
    );
    return `query ${name}${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${selection}`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const most = depth === 0 ? 4 : 5;
    const count = this.#fields > enoughFields ? 1 : this.#choose.int(1, most);
    const parts = Array.from({ length: count }, () => this.#part(type, depth));
    if (this.#choose.chance(30)) parts.push('__typename');
    if (depth > 0 && this.#choose.chance(12)) parts.push(...this.#allLeaves(type));
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: GraphQLCompositeType, depth: number): string {
    if (depth > maxDepth) return '__typename';
    const asksForFragment = isUnionType(type) || this.#choose.chance(isAbstractType(type) ? 40 : 10);
    if (asksForFragment)
      return this.#choose.chance(50) ? this.#inline(type, depth) : this.#spread(type, depth);
    return this.#field(this.#choose.pick(this.#fieldsOf(type, depth)), depth);
  }

  #inline(type: GraphQLCompositeType, depth: number): string {
    const on = this.#choose.pick(this.#narrowed(type));
    const condition = on === type && this.#choose.chance(30) ? '' : ` on ${on.name}`;
    return `...${condition}${this.#directives()} ${this.#selection(on, depth + 1)}`;
  }

  #spread(type: GraphQLCompositeType, depth: number): string {
    const fitting = this.#fragments.filter(({ on, text }) => text && doTypesOverlap(this.#schema, on, type));
    const isReused = fitting.length > 0 && this.#choose.chance(50);
    const fragment = isReused ? this.#choose.pick(fitting) : this.#newFragment(type, depth);
    this.#definition.spreads.add(fragment);
    return `...${fragment.name}${this.#directives()}`;
  }

  #newFragment(type: GraphQLCompositeType, depth: number): Fragment {
    const on = this.#choose.pick(this.#narrowed(type));
    const fragment: Fragment = { ...newDefinition(), name: `F${this.#fragments.length}`, on, text: '' };
    this.#fragments.push(fragment);
    const outer = this.#definition;
    this.#definition = fragment;
    const selection = this.#selection(on, depth + 1);
    this.#definition = outer;
    fragment.text = `fragment ${fragment.name} on ${on.name} ${selection}`;
    return fragment;
  }

  #field(field: Field, depth: number): string {
    this.#fields += 1;
    const type = getNamedType(field.type);
    const given = field.args.filter(({ type: each }) => `${each}`.endsWith('!') || this.#choose.chance(40));
    const parts = given.map((each) => `${each.name}: ${this.#argument(each)}`);
    const head = `${this.#alias(field)}${field.name}${parts.length > 0 ? `(${parts.join(', ')})` : ''}`;
    const tail = isCompositeType(type) ? ` ${this.#selection(type, depth + 1)}` : '';
    return `${head}${this.#directives()}${tail}`;
  }

  /** The alias that a field needs or randomly gets. */
  #alias(field: Field): string {
    this.#names += 1;
    const signature = field.args.length > 0 ? `${this.#names}` : `${field.name}: ${field.type}`;
    const candidates = [
      ...(this.#choose.chance(3) ? [this.#choose.pick(oddAliases)] : []),
      ...(this.#choose.chance(5) ? [] : [field.name]),
      `a${this.#names}`,
    ];
    const name = candidates.find((each) => (this.#signatures.get(each) ?? signature) === signature) ?? '';
    this.#signatures.set(name, signature);
    return name === field.name ? '' : `${name}: `;
  }

  #allLeaves(type: GraphQLCompositeType): string[] {
    if (isUnionType(type)) return [];
    const leaves = Object.values(type.getFields()).filter(
      (each) => !isCompositeType(getNamedType(each.type)),
    );
    return leaves.map((each) => this.#field(each, maxDepth));
  }

  #directives(): string {
    if (!this.#choose.chance(4)) return '';
    return ` @${this.#choose.pick(['include', 'skip'])}(if: ${this.#argument(condition)})`;
  }

  #argument(argument: Pick<Field['args'][number], 'name' | 'type'>): string {
    return this.#inputs.write(argument, (name) => this.#definition.variables.add(name));
  }

  #fieldsOf(type: GraphQLCompositeType, depth: number): readonly Field[] {
    if (isUnionType(type)) return [];
    const fields = Object.values(type.getFields());
    if (depth === 0) {
      return this.#choose.chance(5) ? [SchemaMetaFieldDef, TypeMetaFieldDef] : fields;
    }
    const leaves = fields.filter((each) => !isCompositeType(getNamedType(each.type)));
    return leaves.length > 0 && (depth >= maxDepth || this.#choose.chance(40)) ? leaves : fields;
  }

  /** The types whose fragments can spread where this type applies. */
  #narrowed(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    const fitting = this.#composites.filter((each) => doTypesOverlap(this.#schema, each, type));
    return fitting.length > 0 ? fitting : [type];
  }
}

function newDefinition(): Definition {
  return { variables: new Set(), spreads: new Set() };
}

/** Variables that a definition uses directly or through its fragments. */
function variablesOf({ variables, spreads }: Definition, seen = new Set<Definition>()): Set<string> {
  const all = new Set(variables);
  for (const fragment of spreads) {
    if (seen.has(fragment)) continue;
    seen.add(fragment);
    for (const name of variablesOf(fragment, seen)) all.add(name);
  }
  return all;
}
