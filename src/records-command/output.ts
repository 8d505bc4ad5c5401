import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { parse } from 'csv-parse';
import { withoutFormulaMark } from '../records-client/text.js';
import { type Format, UsageError } from './options.js';
import { requestedId } from './record-fields.js';

/** Where the lines of a run go. */
export interface Output {
  /** Bytes that it holds; 0 where it is no file. */
  readonly bytes: number;
  write(text: string): Promise<void>;
  /** @param isComplete whether the run did all that it should; else the partial output stays to be resumed */
  close(isComplete: boolean): Promise<void>;
}

/** Standard output, as fast as its reader takes it. */
export class StreamOutput implements Output {
  readonly bytes = 0;
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(text: string): Promise<void> {
    if (text === '' || this.#stream.destroyed || this.#stream.write(text)) return;
    await once(this.#stream, 'drain').catch(ignoreClosedPipe);
  }

  async close(): Promise<void> {}
}

/** The reader of a pipe, such as `head`, may have enough before the run ends; the program hears of it from the stream. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** A file that has its name only when it is complete; until then it is called as `partOf` says. */
export class FileOutput implements Output {
  readonly #path: string;
  readonly #file: FileHandle;
  #bytes: number;

  private constructor(path: string, file: FileHandle, bytes = 0) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /**
   * Opens a new partial file.
   *
   * @throws UsageError where an interrupted run has left one, or the file cannot be written
   */
  static async create(path: string): Promise<FileOutput> {
    const part = partOf(path);
    if (existsSync(part))
      throw new UsageError(
        `${part} is left from an interrupted run: go on with --resume ${part}, or delete it.`,
      );
    return new FileOutput(path, await openFile(part, 'ax'));
  }

  /** Goes on with a partial file, behind its first bytes. */
  static async append(path: string, bytes: number): Promise<FileOutput> {
    const file = await openFile(partOf(path), 'a');
    await file.truncate(bytes);
    return new FileOutput(path, file, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    await this.#file.writeFile(text);
    this.#bytes += Buffer.byteLength(text);
  }

  async close(isComplete: boolean): Promise<void> {
    await this.#file.close();
    if (isComplete) await rename(partOf(this.#path), this.#path);
    else if (this.#bytes === 0) await unlink(partOf(this.#path));
  }
}

/** Name of a file until it is complete. */
export function partOf(path: string): string {
  return `${path}.part`;
}

async function openFile(path: string, flags: string): Promise<FileHandle> {
  try {
    // Records hold telephone numbers, so others on the machine must not read them.
    return await open(path, flags, 0o600);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

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
