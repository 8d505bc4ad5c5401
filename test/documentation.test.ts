import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { licencesPage, runtimePackages } from '../scripts/licences-page.js';
import { recordsPage } from '../scripts/records-page.js';
import { errorCatalogue } from '../src/errors.js';
import { printSubgraph } from '../src/graphql/federated-schema.js';
import { buildGatewaySchema, printGatewaySchema } from '../src/graphql/schema.js';

const read = (path: string) => readFileSync(path, 'utf8');

const pages = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'examples/README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test('schema/schema.graphql is the schema that is served', async () => {
  expect(read('schema/schema.graphql')).toBe(printGatewaySchema(await buildGatewaySchema()));
});

test('schema/subgraph.graphql is the schema that a router reads', async () => {
  expect(read('schema/subgraph.graphql')).toBe(printSubgraph(await buildGatewaySchema()));
});

test('the README shows at most eight settings, each of which docs/configuration.md lists with the same default', () => {
  const main = settingsIn(read('README.md'));
  expect(main.length).toBeLessThanOrEqual(8);
  expect(settingsIn(read('docs/configuration.md'))).toEqual(expect.arrayContaining(main));
});

test('the README has at most 900 words', () => {
  expect(read('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(900);
});

test('docs/records.md is what the schema says', async () => {
  expect(read('docs/records.md')).toBe(recordsPage(await buildGatewaySchema()));
});

test('docs/security.md names an existing test for each of the forty attacks', () => {
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

test('docs/errors.md lists exactly the codes of the catalogue, and says of each what caller and operator do', () => {
  const row = /^\| `([A-Z_]+)` \| (\d+) \| (yes|no) \| (.+) \| (.+) \| (.+) \|$/gm;
  const documented = [...read('docs/errors.md').matchAll(row)];
  expect(documented.map(([, code, status, retry]) => [code, status, retry])).toEqual(
    Object.entries(errorCatalogue).map(([code, { httpStatus, retryable }]) => [
      code,
      String(httpStatus),
      retryable ? 'yes' : 'no',
    ]),
  );
});

test('docs/decisions.md gives each decision a number of its own, and each has a status, a reason and a trade-off', () => {
  const decision =
    /^### (\d+)\. .+\n\n\d{4}-\d\d-\d\d, (accepted|superseded by (\d+))\n\n.+\n\nReason: .+\n\nTrade-off: .+$/gm;
  const decisions = [...read('docs/decisions.md').matchAll(decision)];
  const headings = read('docs/decisions.md').match(/^### /gm) ?? [];
  expect(decisions).toHaveLength(headings.length);
  const numbers = decisions.map(([, number]) => Number(number));
  expect(new Set(numbers).size).toBe(numbers.length);
  const successors = decisions.flatMap(([, , , successor]) => (successor ? [Number(successor)] : []));
  expect(numbers).toEqual(expect.arrayContaining(successors));
});

test.each(pages)(
  'every relative link of %s leads to a file of the project, and to a heading of it',
  (page) => {
    const links = [...read(page).matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !isReachable(page, link))).toEqual([]);
  },
);

test.each(pages)('%s names only files of this project that exist', (page) => {
  const named = [...read(page).matchAll(/`((?:src|scripts|schema|examples)\/[\w./-]+)`/g)];
  expect(named.flatMap(([, path = '']) => (existsSync(path) ? [] : [path]))).toEqual([]);
});

test.each(pages)('%s uses the terms of the field', (page) => {
  const foreign =
    /\blook-ups?\b|\b(?:no|some|any|every)body\b|\bwhoever\b|\bdoors?\b|\bneighbou?rs?\b|\b(?:the|a|its|their|this) bills?\b/gi;
  const prose = read(page)
    .replace(/^ *```.*?^ *```/gms, '')
    .replace(/`[^`\n]*`/g, '');
  expect(prose.match(foreign) ?? []).toEqual([]);
});

/** Name and default of each setting that a page lists in a table. */
function settingsIn(text: string): [key: string, fallback: string][] {
  const rows = text.matchAll(/^\| `([A-Z_]+)` \|(?: `([^`]*)`)? *\| [^|]+ \|$/gm);
  return [...rows].map(([, key = '', fallback = '']) => [key, fallback]);
}

function isReachable(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const file = path === '' ? page : posix.join(posix.dirname(page), path);
  return existsSync(file) && (heading === undefined || anchorsOf(file).has(heading));
}

/** The anchors that GitHub makes of the headings of a page. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = [...read(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((each) =>
      each
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
