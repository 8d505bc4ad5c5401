import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { withoutFormulaMark } from '../../records-client/cells.js';
import { requestedId } from '../lookup/record-fields.js';
import { type Format, UsageError } from '../options.js';

/** What a partial output holds. */
export interface PartialOutput {
  /** Ids whose rows are all there. */
  readonly ids: ReadonlySet<string>;
  /** Bytes that are kept; what follows is incomplete. */
  readonly bytes: number;
}

/** A whole line of a partial output. */
interface WholeLine {
  readonly id: string;
  /** Where the line ends in the file. */
  readonly endBytes: number;
}

/**
 * Reads the partial output of an interrupted run. A line counts when it is whole. The rows of the last id may not be all
 * that there are, so they are dropped and asked for again.
 *
 * @param columns columns of this run; those of a CSV must be the same
 * @throws UsageError for a file that cannot be read, or has other columns
 */
export async function readPartialOutput(
  path: string,
  format: Format,
  columns: readonly string[],
): Promise<PartialOutput> {
  if (format === 'table')
    throw new UsageError('--resume needs --format csv or jsonl: a table cannot be resumed.');
  const ids = new Set<string>();
  let bytes = 0;
  let last: string | undefined;
  let endBytes = 0;
  try {
    for await (const line of format === 'csv' ? csvLines(path, columns) : jsonLines(path)) {
      if (line.id !== last) {
        bytes = endBytes;
        if (last !== undefined) ids.add(last);
        last = line.id;
      }
      ({ endBytes } = line);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--resume ${path} cannot be read: ${(error as Error).message}.`);
  }
  return { ids, bytes };
}

async function* jsonLines(path: string): AsyncGenerator<WholeLine> {
  let endBytes = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    endBytes += Buffer.byteLength(line) + 1;
    const id = idOfJson(line);
    if (id === undefined) return;
    yield { id, endBytes };
  }
}

function idOfJson(line: string): string | undefined {
  try {
    return String((JSON.parse(line) as Record<string, unknown>)[requestedId]);
  } catch {
    return undefined;
  }
}

/** The header is a line of its own, whose id is empty. It is checked with the first row, since it may have broken off itself. */
async function* csvLines(path: string, columns: readonly string[]): AsyncGenerator<WholeLine> {
  const parser = createReadStream(path).pipe(parse({ info: true, relax_column_count: true }));
  let header: readonly string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
      if (header) checkHeader(header, columns);
      if (header && record.length !== columns.length) return;
      yield { id: header ? withoutFormulaMark(record[0] ?? '') : '', endBytes: info.bytes };
      header ??= record;
    }
  } catch (error) {
    // The last line broke off inside quotes.
    if ((error as NodeJS.ErrnoException).code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
  }
}

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly bytes: number };
}

function checkHeader(header: readonly string[], columns: readonly string[]): void {
  if (header.join() === columns.join()) return;
  throw new UsageError(
    `--resume: the file has the columns ${header.join(', ')}, this run ${columns.join(', ')}.`,
  );
}
