import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { splitIdsOf } from '../records-client/text.js';
import { type LookupOptions, UsageError } from './options.js';

/**
 * The ids of a run, read as they are needed, in the order of the input.
 *
 * @param standardInput what `--in -` reads
 * @throws UsageError while they are read: for a file that cannot be read, and for CSV without the column
 */
export async function* readIds(
  { ids, input, column }: Pick<LookupOptions, 'ids' | 'input' | 'column'>,
  standardInput: Readable,
): AsyncGenerator<string> {
  if (input === undefined) {
    yield* ids;
    return;
  }
  const stream = input === '-' ? standardInput : createReadStream(input);
  try {
    yield* column === undefined ? splitIdsOf(stream.setEncoding('utf8')) : idsOfColumn(stream, column);
  } catch (error) {
    throw toUsageError(error, input);
  }
}

async function* idsOfColumn(stream: Readable, column: string): AsyncGenerator<string> {
  const delimiter = [',', ';', '\t'];
  const parser = stream.pipe(
    parse({ columns: (names: string[]) => columnsWith(names, column), bom: true, delimiter, trim: true }),
  );
  stream.on('error', (error) => parser.destroy(error));
  for await (const row of parser) {
    const id = (row as Record<string, string>)[column];
    if (id) yield id;
  }
}

function columnsWith(names: readonly string[], column: string): string[] {
  if (!names.includes(column))
    throw new UsageError(
      `--column ${JSON.stringify(column)} is no column of the input. Its columns are: ${names.join(', ')}.`,
    );
  return [...names];
}

function toUsageError(error: unknown, input: string): unknown {
  if (error instanceof UsageError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isFileOrCsv = code.startsWith('CSV_') || /^E[A-Z]+$/.test(code);
  return isFileOrCsv ? new UsageError(`--in ${input} cannot be read: ${message}.`) : error;
}
