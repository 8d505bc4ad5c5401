import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { measureDocuments } from '../scripts/structure/documents.js';
import { measureFunctions } from '../scripts/structure/function-lengths.js';
import { measureFiles, readSourceFiles } from '../scripts/structure/source-files.js';

const checkouts: string[] = [];

afterAll(() => {
  for (const checkout of checkouts) rmSync(checkout, { recursive: true });
});

describe('the measured files', () => {
  test('count as short up to 12 lines', () => {
    const files = readSourceFiles(checkout({ 'src/a.ts': '\n'.repeat(12), 'src/b.ts': '\n'.repeat(13) }));
    expect(measureFiles(files)).toMatchObject({ files: 2, shortFiles: 1 });
  });

  test('have one importer when one other file imports them in any way, however often', () => {
    const files = readSourceFiles(
      checkout({
        'src/main.ts':
          "import { a } from './a.js';\nimport type { A } from './a.js';\nawait import('./in/b.js');",
        'src/a.ts': "export * from './in/c.js';",
        'src/in/b.ts': "const c: import('./c.js').C = 1;",
        'src/in/c.ts': '',
      }),
    );
    expect(measureFiles(files).filesWithOneImporter).toBe(2);
  });

  test('are counted in the folder that holds them directly', () => {
    const files = readSourceFiles(
      checkout({
        'src/a.ts': '',
        'src/b/c.ts': '',
        'src/b/d.ts': '',
        'src/b/e/f.ts': '',
        'src/b/README.md': '',
      }),
    );
    expect(measureFiles(files).largestFolder).toEqual({ name: 'src/b', files: 2 });
  });

  test('must be in a folder src', () => {
    const empty = checkout({});
    expect(() => readSourceFiles(empty)).toThrow(
      `Expected the path of a checkout, but ${empty} has no folder src`,
    );
  });
});

describe('the measured functions', () => {
  test.each([
    ['a function', 'export function a() {\n}', 2],
    ['a constructor', 'class A {\n  constructor() {\n  }\n}', 2],
    ['an accessor', 'class A {\n  get a() {\n    return 1;\n  }\n}', 3],
    ['an arrow function with a block', 'const a = () => {\n};', 2],
    [
      'a method, without what stands above it',
      'class A {\n  /** Why. */\n  @Field(\n  )\n  async a() {\n  }\n}',
      2,
    ],
  ])('include %s', (_what, text, maxLines) => {
    const files = readSourceFiles(checkout({ 'src/a.ts': text }));
    expect(measureFunctions(files)).toMatchObject({ functions: 1, maxLines });
  });

  test('exclude what has no block body of its own', () => {
    const text = 'const a = () => 1;\ndeclare function b(): void;\ninterface C {\n  c(): void;\n}\n';
    expect(measureFunctions(readSourceFiles(checkout({ 'src/a.ts': text })))).toMatchObject({ functions: 0 });
  });

  test('have the median and the 90th percentile of their lengths', () => {
    const functions = Array.from(
      { length: 10 },
      (_, index) => `function a${index}() {${'\n'.repeat(index)}}`,
    );
    const files = readSourceFiles(checkout({ 'src/a.ts': functions.join('\n') }));
    expect(measureFunctions(files)).toEqual({ functions: 10, medianLines: 5, p90Lines: 9, maxLines: 10 });
  });
});

describe('the measured documents', () => {
  test('have the settings that both a table and the source name', () => {
    const page =
      '| variable | default |\n| --- | --- |\n| `HOST` | `::1` |\n| `MAX_IDS` | `9` |\n| `FORBIDDEN` | |\n';
    const folder = checkout({
      'docs/configuration.md': page,
      'README.md': '| `HOST` | |\n',
      'src/config/settings.ts': "const names = ['HOST', 'MAX_IDS', 'GET'];",
      'src/errors.ts': "const code = 'FORBIDDEN';",
    });
    expect(measureDocuments(folder, readSourceFiles(folder)).settings).toBe(2);
  });

  test('have the words of the README', () => {
    const folder = checkout({ 'README.md': '# A title\n\nThree words more.\n', 'src/a.ts': '' });
    expect(measureDocuments(folder, readSourceFiles(folder)).readmeWords).toBe(6);
  });
});

/** A folder with these files, by path. */
function checkout(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  checkouts.push(folder);
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
