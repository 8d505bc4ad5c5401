import { readFileSync } from 'node:fs';
import { kindNamed } from './record-kinds.js';

interface PublishedField {
  readonly wire: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly wireType?: string;
  readonly values?: readonly string[];
}

const sheet = JSON.parse(
  readFileSync(new URL('../../schema/vonage/products.json', import.meta.url), 'utf8'),
) as readonly {
  readonly recordTypes: readonly { readonly name: string; readonly fields: readonly PublishedField[] }[];
}[];
const publishedTypes = sheet.flatMap((each) => each.recordTypes);

/** Names of fields that follow from no rule. */
const fieldNames: Readonly<Record<string, string>> = { id: 'rowId', acc: 'callerAccountId' };

/** A value as text, as JSON of its own type, and as a caller gets it. */
interface Sample {
  readonly text: string;
  readonly native: unknown;
  readonly shown: unknown;
}

/** The samples of a field; every value of a closed list. */
function samplesOf({ wire, type, values = [] }: PublishedField): readonly Sample[] {
  const text = `${wire.replaceAll('_', '-')}-1`;
  switch (type) {
    case 'Int':
      return [{ text: '42', native: 42, shown: 42 }];
    case 'Boolean':
      return [
        { text: 'TRUE', native: true, shown: true },
        { text: 'false', native: false, shown: false },
      ];
    case 'Decimal':
      return [{ text: '0.0625', native: 0.0625, shown: '0.0625' }];
    case 'DateTime':
      return ['2026-01-05T08:00:00+0000', '2026-01-05T08:00:00+00:00', '2026-01-05T08:00:00.000Z'].map(
        (moment) => ({ text: moment, native: moment, shown: '2026-01-05T08:00:00.000Z' }),
      );
    case 'Object':
      return [
        {
          text: '{requestId=ab12, number=5}',
          native: { requestId: 'ab12' },
          shown: { requestId: 'ab12', number: '5' },
        },
      ];
    default:
      if (!type.startsWith('Enum:')) return [{ text, native: text, shown: text }];
      return values.map((value) => ({ text: value, native: value, shown: enumName(value) }));
  }
}

function enumName(value: string): string {
  return value.replaceAll(/[ -]/g, '_').toUpperCase();
}

function nameOf(wire: string): string {
  return fieldNames[wire] ?? wire.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Rows in which every field has a value, as many as the field with most samples has. */
function rowsOf(
  fields: readonly PublishedField[],
  wireValue: (field: PublishedField, sample: Sample) => unknown,
) {
  const samples = fields.map((field) => [field, samplesOf(field)] as const);
  const most = Math.max(...samples.map(([, { length }]) => length));
  return Array.from({ length: most }, (_, turn) =>
    samples.map(([field, all]) => {
      const sample = all[turn % all.length] as Sample;
      return { field, wire: wireValue(field, sample), sample };
    }),
  );
}

const isText = ({ wireType = 'string' }: PublishedField) => wireType.startsWith('string');
const forms = {
  'as text, as the SDK of Vonage expects them': (_field: PublishedField, { text }: Sample) => text,
  'in the JSON types of the newest interface description': (
    field: PublishedField,
    { text, native }: Sample,
  ) => (isText(field) ? text : native),
} as const;

describe.each(Object.entries(forms))('rows with all fields, %s,', (_form, wireValue) => {
  test.each(publishedTypes)('are read as $name, each field with its meaning', ({ name, fields }) => {
    const kind = kindNamed(name);
    expect(fields.length).toBeGreaterThan(0);
    for (const row of rowsOf(fields, wireValue)) {
      const wire = Object.fromEntries(row.map(({ field, wire: value }) => [field.wire, value]));
      const { data, errors } = kind.answer(wire);
      expect(errors).toBeUndefined();
      const expected = row.map(({ field, wire: value, sample }) => [
        nameOf(field.wire),
        field.type === 'Object' && typeof value === 'object' ? value : sample.shown,
      ]);
      expect({ ...data?.record }).toMatchObject(Object.fromEntries(expected));
      expect(data?.record.raw).toEqual(wire);
    }
  });
});

test.each(publishedTypes.filter(({ fields }) => fields.some(({ aliases }) => aliases)))(
  '$name reads the older spellings of its fields',
  ({ name, fields }) => {
    for (const field of fields) {
      for (const alias of field.aliases ?? []) {
        const [sample] = samplesOf(field);
        const { data } = kindNamed(name).answer({ [alias]: sample?.text });
        expect(data?.record).toHaveProperty(nameOf(field.wire), sample?.shown);
      }
    }
  },
);
