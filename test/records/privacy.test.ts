import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLObjectType, isObjectType } from 'graphql';
import { printSubgraph } from '../../src/graphql/federated-schema.js';
import { Field, nullable, type Privacy, plain, RecordType, UsageRecord } from '../../src/records/base.js';
import { type FieldShape, type RecordShape, recordShape } from '../../src/records/record-types.js';
import { makeRow } from '../../src/simulator/row-maker.js';
import { buildSchema as buildDecoratedSchema, Query, Resolver } from '../../src/type-graphql.js';
import { kindNamed, recordKinds } from './record-kinds.js';
import { schema, shapes } from './record-shapes.js';

interface PublishedField {
  readonly wire: string;
  readonly personal?: string;
}

const sheet = JSON.parse(
  readFileSync(new URL('../../schema/vonage/products.json', import.meta.url), 'utf8'),
) as readonly {
  readonly recordTypes: readonly { readonly name: string; readonly fields: readonly PublishedField[] }[];
}[];
const publishedTypes = sheet.flatMap((each) => each.recordTypes);

/** The mark that each word of products.json asks for. */
const marks: Readonly<Record<string, Privacy>> = {
  number: 'personal',
  name: 'personal',
  address: 'personal',
  user: 'personal',
  mixed: 'personal',
  'about a person': 'personal',
  'free text': 'free text',
  content: 'content',
};

const nothing = { numbers: false, content: false };

test.each(publishedTypes)(
  '$name marks the fields that products.json calls personal, and no other',
  (type) => {
    const documented = new Map(
      type.fields.flatMap(({ wire, personal: word }) => (word ? [[wire, marks[word]] as const] : [])),
    );
    const marked = fieldsOf(type.name).flatMap(({ wire, privacy }) =>
      isMasked(privacy) && wire[0] ? [[wire[0], privacy] as const] : [],
    );
    expect(new Map(marked)).toEqual(documented);
  },
);

test.each(publishedTypes)(
  '$name shows a caller without rights every field that products.json does not call personal, as Vonage wrote it',
  ({ name, fields }) => {
    const { entry, shape, decode } = kindNamed(name);
    const seed = { accountId: 'abcd1234', index: 3, atMs: Date.UTC(2026, 0, 5), given: {} };
    const row = makeRow({ shape, ...entry, ...seed });
    const { raw } = decode(row, { sees: nothing });
    const unmarked = fields.filter(({ wire, personal }) => !personal && Object.hasOwn(row, wire));
    const changed = unmarked.map(({ wire }) => wire).filter((wire) => raw[wire] !== row[wire]);
    // Its value in the simulator has nine digits, as many as a phone number can have.
    expect(changed).toEqual(name === 'SmsOutboundRecord' ? ['validity_period'] : []);
  },
);

test('the federation tag is on every field that a mask changes, and on no other', () => {
  const tagged = new Map<string, string[]>();
  const subgraph = buildSchema(printSubgraph(schema), { assumeValid: true });
  for (const { name } of recordKinds) {
    const type = subgraph.getType(name);
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    tagged.set(
      name,
      fields
        .filter((each) => each.astNode?.directives?.some(({ name: { value } }) => value === 'tag'))
        .map((each) => each.name),
    );
  }
  const masked = recordKinds.map(({ name, shape }): [string, string[]] => [
    name,
    shape.fields.filter((each) => isMasked(each.privacy)).map((each) => each.name),
  ]);
  expect(sorted(tagged)).toEqual(sorted(new Map(masked)));
});

test('a flag or a number about a person is null for a caller without records:numbers, in `raw` too', () => {
  const insight = kindNamed('NumberInsightV2Record');
  const row = { request_id: 'r1', risk: 'high', swapped: 'true', status: 'SUCCESS' };
  const record = insight.decode(row, { sees: { ...nothing, content: true } });
  expect(record).toMatchObject({ swapped: null, risk: '***', status: 'SUCCESS' });
  expect(record.raw).toMatchObject({ swapped: null, risk: '***' });
  expect(insight.decode(row)).toMatchObject({ swapped: true, risk: 'high' });
});

test('every record class says of each of its texts whether it is about a person', () => {
  expect([...shapes.values()].flatMap(silentFields)).toEqual([]);
});

test('a record class whose texts say nothing is found out', async () => {
  @RecordType('A record of a product to come.')
  class FaxRecord extends UsageRecord {
    @Field(() => String, nullable('Recipient.'))
    readonly recipient!: string | null;

    @Field(() => String, plain('Resolution, such as fine.'))
    readonly resolution!: string | null;
  }
  @Resolver()
  class FaxResolver {
    @Query(() => FaxRecord)
    fax(): FaxRecord {
      return new FaxRecord();
    }
  }
  const built = await buildDecoratedSchema({ resolvers: [FaxResolver], validate: false });
  const shape = recordShape(built.getType('FaxRecord') as GraphQLObjectType);
  expect(silentFields(shape)).toEqual(['FaxRecord.recipient']);
});

/** Fields that hold text, or an object that may hold some, without a word about persons. */
function silentFields({ typeName, fields }: RecordShape): string[] {
  return fields
    .filter(({ kind, privacy }) => (kind === 'String' || kind === 'JSONObject') && privacy === null)
    .map(({ name }) => `${typeName}.${name}`);
}

function isMasked(privacy: Privacy | null): boolean {
  return privacy !== null && privacy !== 'plain';
}

function fieldsOf(typeName: string): readonly FieldShape[] {
  return shapes.get(typeName)?.fields ?? [];
}

function sorted(fields: ReadonlyMap<string, readonly string[]>): Record<string, readonly string[]> {
  return Object.fromEntries([...fields].map(([type, names]) => [type, names.toSorted()]));
}
