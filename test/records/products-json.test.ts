import { readFileSync } from 'node:fs';
import {
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { Product } from '../../src/catalogue/product.js';
import { products, rulesOf } from '../../src/catalogue/products.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { UNRECOGNIZED } from '../../src/records/base.js';
import { type FieldShape, recordShape, recordTypes } from '../../src/records/record-types.js';

interface SheetField {
  readonly wire: string;
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly values?: readonly string[];
  readonly deprecated?: boolean;
  readonly onlyWhen?: string;
}

interface SheetRecordType {
  readonly name: string;
  readonly direction?: string;
  readonly undocumentedKeys?: { readonly keys: readonly string[] };
  readonly fields: readonly SheetField[];
}

interface SheetProduct {
  readonly product: Product;
  readonly direction: 'required' | 'optional' | 'invalid';
  readonly idFields: readonly { readonly field: string; readonly confidence: string }[];
  readonly settling?: object;
  readonly rowsPerId?: { readonly value: 'one' | 'several' };
  readonly filters: readonly { readonly name: string; readonly window: string }[];
  readonly dateField?: { readonly field: string };
  readonly deprecated?: boolean;
  readonly terminalStatuses?: readonly string[];
  readonly recordTypes: readonly SheetRecordType[];
}

/** A field as both sides can state it. */
interface ComparableField {
  readonly name: string;
  readonly wire: readonly string[];
  readonly type: string;
  readonly deprecated: boolean;
}

/** What Vonage's documentation, SDKs and samples say, gathered without looking at our classes. */
const sheet = JSON.parse(
  readFileSync(new URL('../../schema/vonage/products.json', import.meta.url), 'utf8'),
) as readonly SheetProduct[];
const sheetRecordTypes = sheet.flatMap((each) => each.recordTypes);
const sheetFields = sheetRecordTypes.flatMap((each) => each.fields);

/** Fields whose name says more than the wire name does. */
const renamed: Readonly<Record<string, string>> = { id: 'rowId', acc: 'callerAccountId' };

/** Wire names that the decoder reads itself, as these values have another source where the row has none. */
const derivedFrom: Readonly<Record<string, string>> = { accountId: 'account_id', direction: 'direction' };

/** Common fields that a type without them in the sheet reads from elsewhere than other types do. */
const ownSources: Readonly<Record<string, readonly string[]>> = {
  // VERIFY-API has no total; its `price` is what was charged, and callers look for charges in `totalPrice`.
  'VerifyApiRecord.totalPrice': ['total_price', 'price'],
};

/** Record types that the sheet does not have. */
const unpublishedTypes = [
  // Serves products for which no source publishes a field.
  'GenericRecord',
];

/** Closed lists of our own making: no value of Vonage's is missing from them. */
const enumsWithoutUnrecognized = ['TrafficDirection'];

const idFieldDifferences: Partial<Record<Product, readonly string[]>> = {
  // No source names a field, but a lookup must compare something; every product with rows has `id`.
  [Product.MEETINGS]: ['id'],
};

/** Products whose rows are final whatever their state, because Vonage writes them when the call is over. */
const finalInEveryState: readonly Product[] = [Product.VOICE_CALL, Product.VOICE_FAILED];

const terminalDifferences: Partial<Record<Product, readonly string[]>> = {
  // A delivered message may still become read where the channel has read receipts.
  [Product.MESSAGES]: ['READ', 'REJECTED', 'UNDELIVERABLE'],
  ...Object.fromEntries(finalInEveryState.map((each) => [each, []])),
};

/** Read as several although Vonage seems to write one: it does no harm, and one call may have more connections. */
const rowsPerIdDifferences: Partial<Record<Product, string>> = { [Product.WEBSOCKET_CALL]: 'several' };

/** Parameters of the window mode that are no filters, or that the direction rule states. */
const commonParameters = [
  'account_id',
  'cursor',
  'date_end',
  'date_start',
  'direction',
  'include_message',
  'iv',
  'product',
  'show_concatenated',
];

/** Confidence that a natural key needs. */
const confident = ['medium', 'medium-high', 'high'];

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildGatewaySchema();
});

describe('record types', () => {
  test('exist for everything that Vonage publishes, and for nothing else', () => {
    const ours = recordTypes
      .map((each) => each.recordClass.name)
      .filter((each) => !unpublishedTypes.includes(each));
    expect(ours.toSorted()).toEqual(sheetRecordTypes.map((each) => each.name).toSorted());
  });

  test('belong to the product and the direction that Vonage records them under', () => {
    const ours = recordTypes
      .filter((each) => !unpublishedTypes.includes(each.recordClass.name))
      .map((each) => [each.recordClass.name, each.product, each.direction]);
    const published = sheet.flatMap((each) =>
      each.recordTypes.map((type) => [type.name, each.product, type.direction ?? null]),
    );
    expect(ours).toEqual(published);
  });

  test.each(sheetRecordTypes)('$name has every field that Vonage publishes, and no other', (published) => {
    const expected = published.fields.map(publishedField);
    const names = new Set(expected.map((each) => each.name));
    const ours = fieldsOf(published.name).filter((each) => names.has(each.name) || !isCommonField(each));
    expect(ours.toSorted(byName)).toEqual(expected.toSorted(byName));
  });

  test.each(sheetRecordTypes)('$name reads what every record has from where every record has it', (type) => {
    const published = new Set(type.fields.map((each) => publishedField(each).name));
    const common = commonFields().filter((each) => !published.has(each.name));
    const expected = common.map((each) => ({
      ...each,
      wire: ownSources[`${type.name}.${each.name}`] ?? each.wire,
    }));
    expect(fieldsOf(type.name)).toEqual(expect.arrayContaining(expected));
  });

  test('lead to nothing but other records', () => {
    const edges = recordTypes
      .flatMap((each) => Object.values(objectType(each.recordClass.name).getFields()))
      .filter((each) => !isLeafType(getNamedType(each.type)));
    expect(edges.filter((each) => !leadsToRecords(each))).toEqual([]);
  });

  test('of unpublished products have only what every record has', () => {
    for (const name of unpublishedTypes)
      expect(fieldsOf(name).filter((each) => !isCommonField(each))).toEqual([]);
  });
});

describe('closed lists', () => {
  const published = new Map(
    sheetFields.filter(isEnumField).map((each) => [publishedType(each.type), each.values]),
  );

  test.each([...published])('%s holds the values that Vonage documents', (name, values = []) => {
    const ours = enumType(name).getValues();
    const unrecognized = enumsWithoutUnrecognized.includes(name) ? [] : [UNRECOGNIZED];
    expect(ours.map((each) => each.value).toSorted()).toEqual([...values, ...unrecognized].toSorted());
  });

  test.each([...published.keys()])('%s names its values as Vonage does, in upper snake case', (name) => {
    const values = enumType(name).getValues();
    expect(values.map((each) => each.name)).toEqual(values.map((each) => upperSnakeCase(String(each.value))));
  });

  test('have the same values wherever Vonage uses them', () => {
    for (const { type, values } of sheetFields.filter(isEnumField)) {
      expect(values).toEqual(published.get(publishedType(type)));
    }
  });
});

describe('the catalogue', () => {
  test('knows the products that Vonage documents, in the same order', () => {
    const documented = sheet.map((each) => each.product);
    expect(products.map((each) => each.product)).toEqual(documented);
    expect(Object.values(Product)).toEqual(documented);
  });

  test('sends a direction only where Vonage takes one', () => {
    const documented = perProduct(({ direction }) => (direction === 'invalid' ? 'refused' : direction));
    expect(perProduct(({ product }) => rulesOf(product).direction)).toEqual(documented);
  });

  test('finds a row by the fields that may hold its id', () => {
    const documented = perProduct(({ idFields }) => idFields.map((each) => each.field));
    expect(perProduct(({ product }) => rulesOf(product).idFields)).toEqual({
      ...documented,
      ...idFieldDifferences,
    });
  });

  test('expects several rows an id where Vonage may write them', () => {
    const documented = perProduct(({ rowsPerId }) => rowsPerId?.value ?? 'one');
    expect(perProduct(({ product }) => rulesOf(product).rowsPerId)).toEqual({
      ...documented,
      ...rowsPerIdDifferences,
    });
  });

  test('gives a natural key where the id field is known well enough and names one row, and nowhere else', () => {
    const documented = perProduct(({ product, idFields: [first] }) => {
      const isKey = first && confident.includes(first.confidence) && rulesOf(product).rowsPerId === 'one';
      return isKey ? first.field : null;
    });
    expect(perProduct(({ product }) => rulesOf(product).naturalKey)).toEqual(documented);
  });

  test('knows the filters that the window mode takes', () => {
    const documented = perProduct(({ filters }) =>
      filters
        .filter(({ name, window }) => window === 'optional' && !commonParameters.includes(name))
        .map(({ name }) => name),
    );
    expect(perProduct(({ product }) => rulesOf(product).filters)).toEqual(documented);
  });

  test('waits for late prices where Vonage settles them late, and nowhere else', () => {
    const documented = perProduct(({ settling }) => settling !== undefined);
    expect(perProduct(({ product }) => rulesOf(product).settling !== null)).toEqual(documented);
  });

  test('withholds the columns that Vonage never documented, of the products that show them', () => {
    const documented = perProduct(({ recordTypes: types }) =>
      types.flatMap((each) => each.undocumentedKeys?.keys ?? []),
    );
    expect(perProduct(({ product }) => rulesOf(product).withheld)).toEqual(documented);
  });

  test('takes the moment of a record from the field that Vonage filters by', () => {
    const documented = perProduct(({ dateField }) => dateField?.field ?? null);
    expect(perProduct(({ product }) => rulesOf(product).dateField)).toEqual(documented);
  });

  test('says which products Vonage gave up, and so does the schema', () => {
    const documented = perProduct(({ deprecated = false }) => deprecated);
    const values = new Map(
      enumType('VonageProduct')
        .getValues()
        .map((each) => [each.value, each]),
    );
    expect(perProduct(({ product }) => rulesOf(product).deprecated)).toEqual(documented);
    expect(perProduct(({ product }) => values.get(product)?.deprecationReason !== undefined)).toEqual(
      documented,
    );
  });

  test('calls a row final in the states that end it', () => {
    const documented = perProduct(({ terminalStatuses = [] }) =>
      terminalStatuses.map((each) => each.toUpperCase()),
    );
    expect(perProduct(({ product }) => terminalStates(product))).toEqual({
      ...documented,
      ...terminalDifferences,
    });
  });

  test('calls every row final where Vonage writes it when the call is over', () => {
    const kinds = finalInEveryState.map((each) => rulesOf(each).finality.kind);
    expect(new Set(kinds)).toEqual(new Set(['written-when-finished']));
  });

  test('judges finality by states that the records can have', () => {
    for (const { product, recordTypes: types } of sheet) {
      const fields = types.flatMap((each) => recordShape(objectType(each.name)).fields);
      expect([product, unknownTerminalStates(product, fields)]).toEqual([product, []]);
    }
  });

  test('knows which records hold a text only on request', () => {
    const documented = perProduct((each) => directionsWith(each, 'include_message=true'));
    expect(perProduct(({ product }) => rulesOf(product).messageBody)).toEqual(documented);
  });

  test('knows which records say only on request whether they were sent in parts', () => {
    const documented = perProduct((each) => directionsWith(each, 'show_concatenated=true'));
    expect(perProduct(({ product }) => rulesOf(product).concatenated)).toEqual(documented);
  });
});

function publishedField({ wire, type, aliases = [], deprecated = false }: SheetField): ComparableField {
  const name = renamed[wire] ?? camelCase(wire);
  return { name, wire: [wire, ...aliases], type: publishedType(type), deprecated };
}

/** `Object` stands for JSON whose keys stay as they are on the wire, so its inner fields are not compared. */
function publishedType(type: string): string {
  if (type === 'Object') return 'JSONObject';
  // A name of our own: other subgraphs have a `Direction`.
  return type === 'Enum:Direction' ? 'TrafficDirection' : type.replace(/^Enum:/, '');
}

function fieldsOf(typeName: string): ComparableField[] {
  const type = objectType(typeName);
  return recordShape(type).fields.map((each) => comparable(each, type.getFields()[each.name]));
}

function comparable(
  { name, wire }: FieldShape,
  field: GraphQLField<unknown, unknown> | undefined,
): ComparableField {
  if (!field) throw new Error(`Expected a field named ${name}`);
  const source = derivedFrom[name];
  return {
    name,
    wire: source === undefined ? wire : [source],
    type: getNamedType(field.type).name,
    deprecated: field.deprecationReason !== undefined,
  };
}

/** Whether the interface has the field, so that every record has it. */
function isCommonField({ name }: ComparableField): boolean {
  const record = schema.getType('VonageRecord');
  return isInterfaceType(record) && Object.hasOwn(record.getFields(), name);
}

/** The common fields, as a type has them that adds nothing to them. */
function commonFields(): ComparableField[] {
  return fieldsOf('GenericRecord').filter(isCommonField);
}

function leadsToRecords(field: GraphQLField<unknown, unknown>): boolean {
  const type = getNamedType(field.type);
  const names = new Set(recordTypes.map((each) => each.recordClass.name));
  return (isUnionType(type) ? type.getTypes() : [type]).every((each) => names.has(each.name));
}

function perProduct<Value>(fact: (product: SheetProduct) => Value): Record<string, Value> {
  return Object.fromEntries(sheet.map((each) => [each.product, fact(each)]));
}

function terminalStates(product: Product): string[] {
  const { finality } = rulesOf(product);
  return finality.kind === 'by-status' ? [...finality.terminal] : [];
}

/** Terminal states that no row of a product can be in; none where its state is open text. */
function unknownTerminalStates(product: Product, fields: readonly FieldShape[]): string[] {
  const { finality } = rulesOf(product);
  if (finality.kind !== 'by-status') return [];
  const states = fields.filter((each) => each.wire.includes(finality.statusField));
  const known = new Set(states.flatMap((each) => each.enumValues).map((each) => each.toUpperCase()));
  const isOpen = states.some((each) => each.kind === 'String');
  return isOpen ? [] : [...finality.terminal].filter((each) => !known.has(each));
}

function directionsWith({ recordTypes: types }: SheetProduct, onlyWhen: string): (string | undefined)[] {
  return types
    .filter((type) => type.fields.some((each) => each.onlyWhen === onlyWhen))
    .map((each) => each.direction);
}

function isEnumField(field: SheetField): boolean {
  return field.type.startsWith('Enum:');
}

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (isObjectType(type)) return type;
  throw new Error(`Expected an object type named ${name}`);
}

function enumType(name: string): GraphQLEnumType {
  return schema.getType(name) as GraphQLEnumType;
}

function camelCase(wire: string): string {
  return wire.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function upperSnakeCase(value: string): string {
  return value.replaceAll(' ', '_').toUpperCase();
}

function byName(one: ComparableField, other: ComparableField): number {
  return one.name.localeCompare(other.name);
}
