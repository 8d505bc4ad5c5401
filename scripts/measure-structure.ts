/**
 * Measures the structure of the code: its files and functions, the length of its documents, and the path of one lookup.
 * `npm run structure -- [--json] [path of a checkout]`
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type DocumentFigures, measureDocuments } from './structure/documents.js';
import { type FunctionFigures, measureFunctions } from './structure/function-lengths.js';
import { type LookupPath, measureLookupPath } from './structure/lookup-path.js';
import { hasRedisServer, measureRedisCommands } from './structure/redis-commands.js';
import { SimulatorProcess } from './structure/simulator-process.js';
import type { MissAndHit } from './structure/single-lookups.js';
import { type FileFigures, measureFiles, readSourceFiles, shortFileLines } from './structure/source-files.js';

/** All figures; null for each that could not be measured. */
interface Structure {
  readonly files: FileFigures;
  readonly functions: FunctionFigures;
  readonly documents: DocumentFigures;
  readonly lookupPath: MissAndHit<LookupPath> | null;
  readonly redisCommands: MissAndHit<number> | null;
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const structure = await measure(resolve(positionals[0] ?? '.'));
process.stdout.write(values.json ? `${JSON.stringify(structure, null, 2)}\n` : table(structure));

async function measure(checkout: string): Promise<Structure> {
  const files = readSourceFiles(checkout);
  return {
    files: measureFiles(files),
    functions: measureFunctions(files),
    documents: measureDocuments(checkout, files),
    ...(await measureLookups(checkout)),
  };
}

/** Measures a running gateway. If it does not start, the script still prints the figures of the sources. */
async function measureLookups(checkout: string): Promise<Pick<Structure, 'lookupPath' | 'redisCommands'>> {
  let lookupPath: Structure['lookupPath'] = null;
  let redisCommands: Structure['redisCommands'] = null;
  try {
    await using simulator = await SimulatorProcess.start(checkout);
    lookupPath = await measureLookupPath(checkout, simulator);
    if (hasRedisServer()) redisCommands = await measureRedisCommands(checkout, simulator);
    else warn('redis-server is not installed, so the commands to Redis are not measured.');
  } catch (error) {
    warn(`The lookups could not be measured: ${(error as Error).message}`);
    process.exitCode = 1;
  }
  return { lookupPath, redisCommands };
}

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}

function table({ files, functions, documents, lookupPath, redisCommands }: Structure): string {
  const { largestFolder } = files;
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    ['files in src', files.files],
    [`files of at most ${shortFileLines} lines`, files.shortFiles],
    ['files imported by exactly one other', files.filesWithOneImporter],
    ['most files in one folder', `${largestFolder.files} (${largestFolder.name})`],
    ['functions', functions.functions],
    ['lines of a function: median', functions.medianLines],
    ['lines of a function: 90th percentile', functions.p90Lines],
    ['lines of a function: maximum', functions.maxLines],
    ['words in the README', documents.readmeWords],
    ['settings', documents.settings],
    ['functions passed by a lookup that misses', lookupPath?.miss.functions],
    ['files passed by a lookup that misses', lookupPath?.miss.files],
    ['functions passed by a lookup that hits', lookupPath?.hit.functions],
    ['files passed by a lookup that hits', lookupPath?.hit.files],
    ['Redis commands of a lookup that misses', redisCommands?.miss],
    ['Redis commands of a lookup that hits', redisCommands?.hit],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, figure]) => `${label.padEnd(width)}  ${figure ?? 'not measured'}\n`).join('');
}
