import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Text of every file, by its path inside `src`. */
type Files = ReadonlyMap<string, string>;

interface Import {
  readonly from: string;
  /** Path inside `src`, or the name of a package. */
  readonly to: string;
  readonly isDynamic: boolean;
}

const rooms = [
  'catalogue',
  'records',
  'vonage',
  'traffic',
  'retrieval',
  'access',
  'limits',
  'graphql',
  'http',
];
const leaves = ['clock', 'errors'];

/**
 * Whom each room, and each file beside the rooms, may import. Records flow one way: catalogue, records, retrieval,
 * graphql, http; vonage and traffic feed retrieval only. Types count like values.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  clock: [],
  errors: [],
  'type-graphql': [],
  catalogue: [],
  settings: ['catalogue', 'access', 'graphql/trusted-document-list', 'vonage/account-keys'],
  config: ['settings', 'catalogue', 'access', 'vonage/credentials'],
  records: ['catalogue', 'type-graphql', ...leaves],
  vonage: ['catalogue', ...leaves],
  traffic: leaves,
  retrieval: ['catalogue', 'records', 'vonage', 'traffic', ...leaves],
  access: ['catalogue', 'vonage/credentials', 'traffic/allowances', ...leaves],
  limits: ['catalogue', 'records', ...leaves],
  graphql: ['catalogue', 'records', 'retrieval', 'access', 'limits', 'type-graphql', ...leaves],
  http: ['catalogue', 'records', 'retrieval', 'access', 'graphql', ...leaves],
  simulator: ['vonage/wire', 'catalogue', 'records', 'clock'],
  logger: [],
  'watch-files': [],
  composition: ['config', ...rooms, ...leaves],
  gateway: ['config', 'composition', 'logger', ...rooms, ...leaves],
  main: ['config', 'composition', 'gateway', 'simulator', 'watch-files', ...leaves],
};

/** Packages that have one door. */
const security: Readonly<Record<string, string>> = {
  'type-graphql': 'type-graphql.ts',
  'reflect-metadata': 'type-graphql.ts',
};

const maxFunctionLines = 40;
const maxReadmeLength = 400;

const sourceFolder = fileURLToPath(new URL('../src', import.meta.url));
const files = readFiles(sourceFolder);

describe('the sources', () => {
  test('import one way only', () => {
    expect(wrongImports(files)).toEqual([]);
  });

  test('have no circle of imports, of values or of types', () => {
    expect(circles(files)).toEqual([]);
  });

  test('have no file that only hands on what others export', () => {
    expect(barrels(files)).toEqual([]);
  });

  test('end the process in main.ts only', () => {
    expect(exits(files)).toEqual([]);
  });

  test(`have no function of more than ${maxFunctionLines} lines`, () => {
    expect(longFunctions(files)).toEqual([]);
  });

  test('say in a sentence what each room is for', () => {
    expect(roomsWithoutSentence(files)).toEqual([]);
  });

  test('have names that say what a file is', () => {
    expect(badNames(files)).toEqual([]);
  });
});

describe('the rule of directions', () => {
  test.each([
    ['a room to its right', 'records/sms.ts', "import { search } from '../retrieval/search.js';"],
    ['a type of a room to its right', 'records/sms.ts', "import type { Hit } from '../retrieval/search.js';"],
    ['an inline type', 'records/sms.ts', "export const a: import('../retrieval/search.js').Hit = 1;"],
    ['by handing it on', 'records/sms.ts', "export const a = 1; export * from '../retrieval/search.js';"],
    ['dynamically', 'records/sms.ts', "await import('../retrieval/search.js');"],
    ['vonage from graphql', 'graphql/schema.ts', "import type { Wire } from '../vonage/wire.js';"],
    ['traffic from graphql', 'graphql/schema.ts', "import { Lane } from '../traffic/lane.js';"],
    ['anything but clock and errors from traffic', 'traffic/lane.ts', "import '../catalogue/product.js';"],
    ['the client of vonage from the simulator', 'simulator/answer.ts', "import '../vonage/client.js';"],
    ['the simulator, but from main', 'gateway.ts', "await import('./simulator/simulator.js');"],
    ['the simulator at once', 'main.ts', "import { Simulator } from './simulator/simulator.js';"],
    ['the gateway from a room', 'http/server.ts', "import type { Gateway } from '../gateway.js';"],
    ['the configuration from a room', 'http/server.ts', "import type { Config } from '../config.js';"],
    ['what is outside of src', 'http/server.ts', "import '../../test/support/gate.js';"],
    ['a package past its door', 'records/sms.ts', "import { Field } from 'type-graphql';"],
    ['from a room that nobody knows', 'misc/any.ts', "import '../clock.js';"],
  ])('forbids to import %s', (_what, path, text) => {
    expect(wrongImports(example({ [path]: text }))).toHaveLength(1);
  });

  test.each([
    ['a room to its left', 'graphql/schema.ts', "import { search } from '../retrieval/search.js';"],
    ['its own room', 'graphql/schema.ts', "import './print.js';"],
    ['a package', 'graphql/schema.ts', "import { parse } from 'graphql';"],
    ['the wire format from the simulator', 'simulator/answer.ts', "import '../vonage/wire.js';"],
    ['the simulator from main, dynamically', 'main.ts', "await import('./simulator/simulator.js');"],
    ['the catalogue from the configuration', 'config.ts', "import '../src/catalogue/product.js';"],
    ['a package through its door', 'type-graphql.ts', "import 'reflect-metadata';"],
  ])('allows to import %s', (_what, path, text) => {
    expect(wrongImports(example({ [path]: text }))).toEqual([]);
  });

  test('says who imports whom', () => {
    const wrong = wrongImports(example({ 'traffic/lane.ts': "import '../vonage/wire.js';" }));
    expect(wrong).toEqual(['traffic/lane.ts must not import vonage/wire.ts']);
  });
});

describe('the rule of circles', () => {
  test('finds two that import each other, be it a type', () => {
    const two = { 'a.ts': "import { b } from './b.js';", 'b.ts': "import type { A } from './a.js';" };
    expect(circles(example(two))).toEqual(['a.ts > b.ts > a.ts']);
  });

  test('finds a long way round, once', () => {
    const three = { 'a.ts': "import './b.js';", 'b.ts': "import './c.js';", 'c.ts': "import './a.js';" };
    expect(circles(example(three))).toEqual(['a.ts > b.ts > c.ts > a.ts']);
  });

  test('finds a file that imports itself', () => {
    expect(circles(example({ 'a.ts': "import './a.js';" }))).toEqual(['a.ts > a.ts']);
  });

  test('is content with two ways to one file', () => {
    const diamond = {
      'a.ts': "import './b.js'; import './c.js';",
      'b.ts': "import './d.js';",
      'c.ts': "import './d.js';",
    };
    expect(circles(example(diamond))).toEqual([]);
  });
});

describe('the rule of barrels', () => {
  test.each([
    ['an index', 'traffic/index.ts', 'export const lane = 1;'],
    ['a file of re-exports', 'traffic/all.ts', "export * from './lane.js';\nexport { a } from './a.js';"],
    ['one that imports first', 'traffic/all.ts', "import { a } from './a.js';\nexport { a };"],
  ])('finds %s', (_what, path, text) => {
    expect(barrels(example({ [path]: text }))).toEqual([path]);
  });

  test('is content with a file of its own content, and with the one door', () => {
    const own = "import { a } from './a.js';\nexport type { B } from './b.js';\nexport const c = a;";
    expect(
      barrels(example({ 'records/c.ts': own, 'type-graphql.ts': "export * from 'type-graphql';" })),
    ).toEqual([]);
  });
});

describe('the rule of exits', () => {
  test.each(['process.exit(1);', "process['exit'](1);", 'globalThis.process.exit();', 'process.abort();'])(
    'finds %s',
    (text) => {
      expect(exits(example({ 'http/server.ts': text }))).toEqual(['http/server.ts:1']);
    },
  );

  test('finds the function by its import', () => {
    expect(exits(example({ 'config.ts': "\nimport { exit } from 'node:process';" }))).toEqual([
      'config.ts:2',
    ]);
  });

  test('is content with main.ts, and with the word in a text', () => {
    const texts = {
      'main.ts': 'process.exit(0);',
      'config.ts': "// process.exit\nconst a = 'process.exit(1)';",
    };
    expect(exits(example(texts))).toEqual([]);
  });
});

describe('the rule of lengths', () => {
  const body = (lines: number) => `{\n${'  call();\n'.repeat(lines - 2)}}`;

  test.each([
    ['a function', `function long() ${body(41)}`, 'long'],
    ['a method', `class A { long() ${body(41)} }`, 'long'],
    ['an arrow function', `const long = () => ${body(41)};`, '(anonymous)'],
    ['a constructor', `class A { constructor() ${body(41)} }`, '(anonymous)'],
    ['a getter', `class A { get long() ${body(41)} }`, 'long'],
    ['a function inside another', `const a = [() => { return function long() ${body(39)} }]`, undefined],
  ])('finds %s of 41 lines', (_what, text, name) => {
    const found = name === undefined ? [] : [`http/a.ts:1 ${name} has 41 lines`];
    expect(longFunctions(example({ 'http/a.ts': text }))).toEqual(found);
  });

  test('is content with 40, whatever stands above it', () => {
    const text = `/**\n * What it does.\n */\nfunction short() ${body(40)}\nclass A {\n  @Field(\n  )\n  short() ${body(40)}\n}`;
    expect(longFunctions(example({ 'http/a.ts': text }))).toEqual([]);
  });
});

describe('the rule of sentences', () => {
  test.each([
    ['no README', { 'http/a.ts': '' }],
    ['an empty one', { 'http/a.ts': '', 'http/README.md': ' \n' }],
    ['a chapter', { 'http/a.ts': '', 'http/README.md': '# The doors\n\nOne sentence.\n\nAnd another.\n' }],
    ['an endless one', { 'http/a.ts': '', 'http/README.md': 'word '.repeat(100) }],
  ])('finds a room with %s', (_what, texts) => {
    expect(roomsWithoutSentence(example(texts))).toEqual(['http']);
  });

  test('is content with a sentence, and asks none of a folder inside a room', () => {
    const texts = { 'http/README.md': 'The doors.\n', 'http/client/a.ts': '', 'main.ts': '' };
    expect(roomsWithoutSentence(example(texts))).toEqual([]);
  });
});

describe('the rule of names', () => {
  test.each([
    'http/graphqlRoute.ts',
    'http/GraphqlRoute.ts',
    'http/graphql_route.ts',
    'theDoors/route.ts',
    'http/utils.ts',
    'http/string-utils.ts',
    'helpers/route.ts',
    'http/route.helper.ts',
  ])('finds %s', (path) => {
    expect(badNames(example({ [path]: '' }))).toEqual([path]);
  });

  test('is content with words and dashes', () => {
    const texts = {
      'http/graphql-route.ts': '',
      'http/README.md': '',
      'vonage/v2.ts': '',
      'http/page.html': '',
    };
    expect(badNames(example(texts))).toEqual([]);
  });
});

function readFiles(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [posix.relative(folder, path), readFileSync(path, 'utf8')]));
}

function example(texts: Readonly<Record<string, string>>): Files {
  return new Map(Object.entries(texts));
}

function wrongImports(all: Files): string[] {
  return importsOf(all)
    .filter((each) => !isAllowed(each))
    .map(({ from, to }) => `${from} must not import ${to}`);
}

function isAllowed({ from, to, isDynamic }: Import): boolean {
  if (to.startsWith('../')) return false;
  if (!to.endsWith('.ts')) return (security[to] ?? from) === from;
  const [room, target] = [roomOf(from), roomOf(to)];
  const allowed = mayImport[room];
  if (room === target || !allowed) return allowed !== undefined;
  if (target === 'simulator' && !isDynamic) return false;
  return allowed.includes(target) || allowed.includes(to.replace('.ts', ''));
}

/** A room, or the name of a file beside the rooms. */
function roomOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.tsx?$/, '');
}

function circles(all: Files): string[] {
  const imports = importsOf(all);
  const next = (path: string) => imports.filter(({ from }) => from === path).map(({ to }) => to);
  return [...all.keys()].flatMap((start) => {
    const circle = shortestCircle(start, next);
    const isFirst = circle?.every((path) => path >= start);
    return circle && isFirst ? [circle.join(' > ')] : [];
  });
}

function shortestCircle(start: string, next: (path: string) => string[]): string[] | undefined {
  const seen = new Set<string>();
  const ways = [[start]];
  for (const way of ways) {
    for (const path of next(way.at(-1) ?? start)) {
      if (path === start) return [...way, start];
      if (!seen.has(path)) ways.push([...way, path]);
      seen.add(path);
    }
  }
  return undefined;
}

function barrels(all: Files): string[] {
  return parsed(all)
    .filter(({ fileName }) => fileName !== 'type-graphql.ts')
    .filter((source) => /(^|\/)index\.tsx?$/.test(source.fileName) || onlyHandsOn(source))
    .map(({ fileName }) => fileName);
}

function onlyHandsOn({ statements }: ts.SourceFile): boolean {
  const isOfOthers = (each: ts.Statement) => ts.isImportDeclaration(each) || ts.isExportDeclaration(each);
  return statements.some(ts.isExportDeclaration) && statements.every(isOfOthers);
}

function exits(all: Files): string[] {
  return parsed(all)
    .filter(({ fileName }) => fileName !== 'main.ts')
    .flatMap((source) =>
      nodesOf(source)
        .filter(endsProcess)
        .map((node) => placeOf(source, node)),
    );
}

const endings = ['exit', 'abort', 'reallyExit'];

function endsProcess(node: ts.Node): boolean {
  if (ts.isImportSpecifier(node)) {
    const { moduleSpecifier } = node.parent.parent.parent;
    const name = (node.propertyName ?? node.name).text;
    return /^'(node:)?process'$/.test(moduleSpecifier.getText()) && endings.includes(name);
  }
  const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  if (!isMember || !/(^|\.)process$/.test(node.expression.getText())) return false;
  return endings.includes(
    ts.isPropertyAccessExpression(node) ? node.name.text : nameOf(node.argumentExpression),
  );
}

function longFunctions(all: Files): string[] {
  return parsed(all).flatMap((source) =>
    nodesOf(source).flatMap((node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return [];
      const first = node.name ?? node.parameters[0] ?? node.body;
      const lines = lineOf(source, node.end) - lineOf(source, first.getStart()) + 1;
      const name = node.name?.getText() ?? '(anonymous)';
      return lines > maxFunctionLines ? [`${placeOf(source, first)} ${name} has ${lines} lines`] : [];
    }),
  );
}

function roomsWithoutSentence(all: Files): string[] {
  const folders = new Set([...all.keys()].filter((path) => path.includes('/')).map(roomOf));
  return [...folders].filter((room) => {
    const text = all.get(`${room}/README.md`)?.trim() ?? '';
    return text === '' || text.includes('\n\n') || text.length > maxReadmeLength;
  });
}

function badNames(all: Files): string[] {
  const word = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
  const isGood = (part: string) =>
    part === 'README.md' || (word.test(part) && !/(^|[-.])(util|helper)s?([-.]|$)/.test(part));
  return [...all.keys()].filter((path) => !path.split('/').every(isGood));
}

function importsOf(all: Files): Import[] {
  return parsed(all).flatMap((source) =>
    nodesOf(source).flatMap((node) => {
      const specifier = specifierOf(node);
      if (!specifier) return [];
      const to = specifier.startsWith('.') ? resolve(source.fileName, specifier) : specifier;
      return [{ from: source.fileName, to, isDynamic: ts.isCallExpression(node) }];
    }),
  );
}

/** What a node imports, when it imports something. */
function specifierOf(node: ts.Node): string {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return nameOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return nameOf(node.argument.literal);
  const isImportCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImportCall ? nameOf(node.arguments[0]) : '';
}

function nameOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : '';
}

/** A path inside `src`; one that leaves `src` begins with `../`. */
function resolve(from: string, specifier: string): string {
  const path = posix.relative('/src', posix.join('/src', posix.dirname(from), specifier));
  return path.replace(/\.jsx?$/, '.ts');
}

function parsed(all: Files): ts.SourceFile[] {
  return [...all]
    .filter(([path]) => /\.tsx?$/.test(path))
    .map(([path, text]) => ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true));
}

function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    nodes.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return nodes;
}

function placeOf(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${lineOf(source, node.getStart())}`;
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}
