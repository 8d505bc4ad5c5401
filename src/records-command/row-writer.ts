import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { cellOf, withFormulaMark } from '../records-client/text.js';
import type { CommandOptions, Format } from './options.js';
import { FileOutput, type Output, StreamOutput } from './output.js';
import type { Row } from './record-fields.js';

/** Format of a run: as it was asked for, else by the name of the output, else a table for a person and JSON Lines for a program. */
export function formatOf({ format, out }: CommandOptions, stdout: { readonly isTTY?: boolean }): Format {
  if (format !== undefined) return format;
  if (out === undefined) return stdout.isTTY ? 'table' : 'jsonl';
  return out.endsWith('.csv') ? 'csv' : 'jsonl';
}

/**
 * Opens the output of a run.
 *
 * @param bytes of a partial output that are kept; undefined begins a new one
 * @throws UsageError where the file cannot be written
 */
export async function openRowWriter(
  options: CommandOptions,
  columns: readonly string[],
  stdout: Writable & { readonly isTTY?: boolean },
  bytes: number | undefined,
): Promise<RowWriter> {
  const format = rowFormat(formatOf(options, stdout), columns, options.raw);
  if (options.out === undefined) return new RowWriter(new StreamOutput(stdout), format, false);
  if (bytes === undefined) return new RowWriter(await FileOutput.create(options.out), format, false);
  return new RowWriter(await FileOutput.append(options.out, bytes), format, bytes > 0);
}

/** Writes rows in a format. */
export class RowWriter {
  readonly #output: Output;
  readonly #format: RowFormat;
  #hasHeader: boolean;

  constructor(output: Output, format: RowFormat, hasHeader: boolean) {
    this.#output = output;
    this.#format = format;
    this.#hasHeader = hasHeader;
  }

  /** Bytes that the output holds; 0 where it is no file. */
  get bytes(): number {
    return this.#output.bytes;
  }

  async write(rows: readonly Row[]): Promise<void> {
    if (rows.length > 0) await this.#output.write(this.#header() + this.#format.textOf(rows));
  }

  /** @param isComplete whether the run did all that it should */
  async close(isComplete: boolean): Promise<void> {
    if (isComplete) await this.#output.write(this.#header());
    await this.#output.close(isComplete);
  }

  #header(): string {
    if (this.#hasHeader) return '';
    this.#hasHeader = true;
    return this.#format.header;
  }
}

/** Turns rows into text. The text of each call ends with a line break. */
interface RowFormat {
  /** What stands before the first row; empty in a format without a header. */
  readonly header: string;
  textOf(rows: readonly Row[]): string;
}

/** JSON Lines: one object a line, values as the gateway has them. */
const jsonLines: RowFormat = {
  header: '',
  textOf: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
};

/**
 * CSV as RFC 4180 has it. A cell that a spreadsheet would run as a formula begins with an apostrophe.
 *
 * @param raw whether such cells stay as they are
 */
function csv(columns: readonly string[], raw: boolean): RowFormat {
  const marked = (cells: readonly string[]) => (raw ? [...cells] : cells.map(withFormulaMark));
  // By itself the library quotes a pair of CR and LF only, and readers split at each of them.
  const textOf = (lines: readonly (readonly string[])[]) =>
    stringify(lines.map(marked), { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
  return {
    header: textOf([columns]),
    textOf: (rows) => textOf(rows.map((row) => columns.map((column) => cellOf(row[column])))),
  };
}

/** Longest cell of a table on a terminal. */
const maxCellLength = 40;

/** A table in columns. The first rows decide the widths; a longer cell of a later row shifts the rest of its line. */
class Table implements RowFormat {
  readonly header = '';
  readonly #columns: readonly string[];
  #widths: readonly number[] | undefined;

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  textOf(rows: readonly Row[]): string {
    const cells = rows.map((row) => this.#columns.map((column) => shortened(cellOf(row[column]))));
    const isFirst = this.#widths === undefined;
    const lines = isFirst ? [this.#columns.map((column) => column), ...cells] : cells;
    this.#widths ??= this.#columns.map((_column, index) =>
      Math.max(...lines.map((line) => line[index]?.length ?? 0)),
    );
    return lines.map((line) => `${this.#aligned(line)}\n`).join('');
  }

  #aligned(line: readonly string[]): string {
    return line
      .map((cell, index) => cell.padEnd(this.#widths?.[index] ?? 0))
      .join('  ')
      .trimEnd();
  }
}

/**
 * @param raw whether CSV cells that begin like a formula stay as they are
 */
export function rowFormat(format: Format, columns: readonly string[], raw: boolean): RowFormat {
  if (format === 'jsonl') return jsonLines;
  return format === 'csv' ? csv(columns, raw) : new Table(columns);
}

/** Control characters would move the cursor of a terminal, or worse. */
function shortened(cell: string): string {
  const plain = cell.replace(/\p{C}/gu, ' ');
  return plain.length > maxCellLength ? `${plain.slice(0, maxCellLength - 1)}…` : plain;
}
