import { stringify } from 'csv-stringify/sync';
import { cellOf, withFormulaMark } from '../../records-client/cells.js';
import type { Row } from '../lookup/record-fields.js';
import type { Format } from '../options.js';

/** Turns rows into text. The text of each call ends with a line break. */
export interface RowFormat {
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
