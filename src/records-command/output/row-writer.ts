import type { Writable } from 'node:stream';
import type { Row } from '../lookup/record-fields.js';
import type { CommandOptions, Format } from '../options.js';
import { FileOutput, type Output, StreamOutput } from './output.js';
import { type RowFormat, rowFormat } from './row-format.js';

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
