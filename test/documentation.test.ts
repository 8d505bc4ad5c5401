import { existsSync, readFileSync } from 'node:fs';
import { licencesPage, runtimePackages } from '../scripts/licences-page.js';
import { recordsPage } from '../scripts/records-page.js';
import { errorCatalogue } from '../src/errors.js';
import { printSubgraph } from '../src/graphql/federation/federated-schema.js';
import { buildGatewaySchema, printGatewaySchema } from '../src/graphql/schema.js';

const read = (path: string) => readFileSync(path, 'utf8');

test('schema/schema.graphql is the schema that is served', async () => {
  expect(read('schema/schema.graphql')).toBe(printGatewaySchema(await buildGatewaySchema()));
});

test('schema/subgraph.graphql is what a router is told', async () => {
  expect(read('schema/subgraph.graphql')).toBe(printSubgraph(await buildGatewaySchema()));
});

test('docs/records.md is what the schema says', async () => {
  expect(read('docs/records.md')).toBe(recordsPage(await buildGatewaySchema()));
});

test('docs/security.md names for each of the forty attacks a test that there is', () => {
  const rows = [...read('docs/security.md').matchAll(/^\| (S\d+) \|.*\| (.*) \|$/gm)];
  expect(rows.map(([, name]) => name)).toEqual(Array.from({ length: 40 }, (_, index) => `S${index + 1}`));
  const named = rows.flatMap(([, , tests = '']) => [
    ...tests.matchAll(/\]\(\.\.\/(test\/[^)]+)\)(?:: `([^`]+)`)?/g),
  ]);
  expect(named.length).toBeGreaterThanOrEqual(rows.length);
  for (const [, file = '', title = ''] of named) expect(read(file)).toContain(title);
});

test('docs/licences.md lists every package of a running gateway, under licences that allow its use', () => {
  const lock = JSON.parse(read('package-lock.json'));
  expect(read('docs/licences.md')).toBe(licencesPage(lock));
  const allowed =
    /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Elastic-2\.0)( AND (MIT|BSD-3-Clause)\))?$/;
  expect(runtimePackages(lock).filter(({ licence }) => !allowed.test(licence))).toEqual([]);
});

test('docs/errors.md lists exactly the codes of the catalogue, with their meaning', () => {
  const documented = [
    ...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (yes|no) \| (.*) \|$/gm),
  ];
  expect(documented.map(([, code, status, retry, meaning]) => [code, status, retry, meaning])).toEqual(
    Object.entries(errorCatalogue).map(([code, { httpStatus, retryable, meaning }]) => [
      code,
      String(httpStatus),
      retryable ? 'yes' : 'no',
      meaning,
    ]),
  );
});

test.each([
  'README.md',
  'docs/decisions.md',
  'docs/development.md',
  'docs/errors.md',
  'docs/federation.md',
  'docs/trusted-documents.md',
])('every link of %s leads to a file of the project', (page) => {
  const folder = page.includes('/') ? 'docs/' : '';
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => `${folder}${link}`);
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});
