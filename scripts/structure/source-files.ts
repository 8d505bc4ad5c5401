import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** One TypeScript file of `src`. */
export interface SourceFile {
  /** Path inside `src`. */
  readonly path: string;
  readonly text: string;
  /** Files of `src` that it imports, types and dynamic imports included. */
  readonly imports: ReadonlySet<string>;
}

/** How the files of `src` are cut and laid out. */
export interface FileFigures {
  readonly files: number;
  /** Files of at most {@link shortFileLines} lines. */
  readonly shortFiles: number;
  /** Files that exactly one other file of `src` imports. */
  readonly filesWithOneImporter: number;
  /** The folder with the most files directly in it. */
  readonly largestFolder: { readonly name: string; readonly files: number };
}

/** A file of at most this many lines counts as short. */
export const shortFileLines = 12;

/**
 * Reads every `*.ts` file of a checkout's `src`.
 *
 * @throws when the folder has no `src`
 */
export function readSourceFiles(checkout: string): SourceFile[] {
  const folder = join(checkout, 'src');
  if (!existsSync(folder))
    throw new Error(`Expected the path of a checkout, but ${checkout} has no folder src`);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort();
  const importsOf = importReader(checkout, folder, new Set(paths));
  return paths.map((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    return { path, text, imports: importsOf(path, text) };
  });
}

/** Counts the files, their lines, their importers and their folders. */
export function measureFiles(files: readonly SourceFile[]): FileFigures {
  const importers = countEach(files.flatMap(({ imports }) => [...imports]));
  const folders = [...countEach(files.map(({ path }) => dirname(path)))];
  const [name, count] = folders.reduce((largest, each) => (each[1] > largest[1] ? each : largest), ['.', 0]);
  return {
    files: files.length,
    shortFiles: files.filter(({ text }) => lineCount(text) <= shortFileLines).length,
    filesWithOneImporter: [...importers.values()].filter((each) => each === 1).length,
    largestFolder: { name: join('src', name), files: count },
  };
}

/** Resolves imports as the compiler does, so that any module syntax and path mapping of the checkout is understood. */
function importReader(checkout: string, folder: string, paths: ReadonlySet<string>) {
  const options = compilerOptions(checkout);
  const cache = ts.createModuleResolutionCache(checkout, (name) => name, options);
  const resolve = (specifier: string, from: string) =>
    ts.resolveModuleName(specifier, from, options, ts.sys, cache, undefined, ts.ModuleKind.ESNext)
      .resolvedModule?.resolvedFileName;
  return (path: string, text: string): ReadonlySet<string> => {
    const imported = ts
      .preProcessFile(text)
      .importedFiles.map(({ fileName }) => resolve(fileName, join(folder, path)))
      .map((resolved) => relative(folder, resolved ?? ''));
    return new Set(imported.filter((each) => each !== path && paths.has(each)));
  };
}

function compilerOptions(checkout: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(checkout, 'tsconfig.json'), ts.sys.readFile);
  const { compilerOptions: options } = config ?? {};
  return ts.convertCompilerOptionsFromJson(options ?? {}, checkout).options;
}

function countEach(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Counts as `wc -l` does. */
function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
