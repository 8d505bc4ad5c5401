import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { buildSchema, getNamedType, isLeafType } from 'graphql';

/**
 * Columns of the table, from left to right. The page shows those for which a record of the result has a value. A field that
 * has one type in all records needs no alias.
 */
const tableColumns = [
  ...['product', 'direction', 'occurredAt', 'vonageStatus', 'from', 'to', 'countryName', 'networkName'],
  ...['duration', 'channel', 'provider', 'totalPrice', 'currency'],
];

/** Fields that Vonage returns only in a call of their own, which is billed; the page asks for them by a button. */
const billedFields = ['messageBody', 'concatenated'];

/** Bundles the lookup page into a folder, with the fields of all record types from the schema. */
export async function buildLookupPage(folder) {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: ['lookup-page/page.tsx'],
    outdir: folder,
    bundle: true,
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    format: 'iife',
    target: 'es2022',
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  copyFileSync('lookup-page/index.html', `${folder}/index.html`);
  const fields = recordFields(readFileSync('schema/schema.graphql', 'utf8'));
  writeFileSync(`${folder}/fields.json`, JSON.stringify(fields));
}

/** What the page knows of the schema: products, the selection of its table, and each type's fields and edges. */
export function recordFields(sdl) {
  const schema = buildSchema(sdl);
  const shared = schema.getType('VonageRecord');
  const types = schema.getPossibleTypes(shared);
  return {
    products: schema
      .getType('VonageProduct')
      .getValues()
      .map(({ name }) => name),
    columns: tableColumns.map((name) => ({ name, isNumber: isNumber(fieldOf(name, types)) })),
    selection: tableColumns.map((name) => selectionOf(name, shared, types)).join(' '),
    types: Object.fromEntries(types.map((type) => [type.name, describe(type)])),
  };
}

function fieldOf(name, types) {
  const field = types.map((type) => type.getFields()[name]).find(Boolean);
  if (!field) throw new Error(`No record type has the field ${name}.`);
  return field;
}

function isNumber({ type }) {
  return ['Int', 'Float', 'Decimal'].includes(getNamedType(type).name);
}

function selectionOf(name, shared, types) {
  if (shared.getFields()[name]) return name;
  const owners = types.filter((type) => type.getFields()[name]);
  return owners.map((type) => `... on ${type.name} { ${name} }`).join(' ');
}

function describe(type) {
  const fields = Object.values(type.getFields());
  const isPlain = ({ type: of }) => isLeafType(getNamedType(of));
  const described = ({ name, description }) => ({ name, description: description ?? '' });
  return {
    fields: fields.filter((field) => isPlain(field) && !billedFields.includes(field.name)).map(described),
    billedFields: fields.filter(({ name }) => billedFields.includes(name)).map(described),
    edges: fields.filter((field) => !isPlain(field)).map(described),
  };
}
