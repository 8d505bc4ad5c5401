import { readFileSync } from 'node:fs';
import { buildSchema, isScalarType, isSpecifiedScalarType } from 'graphql';
import { clientFiles } from '../../scripts/client-files.js';

const sdl = readFileSync('schema/schema.graphql', 'utf8');
const files = clientFiles(sdl);
const scalars: Record<string, string> = JSON.parse(files['scalars.json'] ?? '{}');
const page = readFileSync('docs/clients.md', 'utf8');

/** The pairs of a map in TypeScript, JSON or YAML, or of the members of an interface. */
function pairsIn(text = ''): object {
  const pairs = [...text.matchAll(/^\s*"?(\w+)"?: *["']?([\w<>, ]+?)["']?[,;]?\s*$/gm)];
  return Object.fromEntries(pairs.map(([, name = '', type = '']) => [name, type]));
}

/** A map in one line, an entry a line. */
function unfolded(text = ''): string {
  return text.replaceAll(/[;,] (?=\w+:)/g, ',\n');
}

test('the package has a type for each scalar of the schema', () => {
  const own = Object.values(buildSchema(sdl).getTypeMap())
    .filter((type) => isScalarType(type) && !isSpecifiedScalarType(type))
    .map(String);
  expect(Object.keys(scalars).sort()).toEqual([...own, 'ID'].sort());
  expect(pairsIn(files['scalars.d.ts'])).toEqual(scalars);
});

test('docs/clients.md shows the same types for GraphQL Code Generator, gql.tada and Relay', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `([^`]+)` \| .* \|$/gm)];
  expect(Object.fromEntries(rows.map(([, name, type]) => [name, type]))).toMatchObject(scalars);
  const maps = [...page.matchAll(/scalars: \{ (.*?);? \}/g)].map(([, map]) => pairsIn(unfolded(map)));
  expect(maps).toEqual([scalars, scalars]);
  const { ID: _id, ...custom } = scalars;
  expect(pairsIn(/"customScalarTypes": \{(.*?)\}/s.exec(page)?.[1])).toEqual(custom);
});

test('codegen.yml uses the same types', () => {
  const [, map] = /scalars:\n((?: {8}.*\n)+)/.exec(readFileSync('codegen.yml', 'utf8')) ?? [];
  expect(pairsIn(map)).toEqual(scalars);
});
