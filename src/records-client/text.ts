/** Blanks, commas, semicolons, line breaks, quotes and a byte order mark stand between ids. */
const separators = /[\s,;"'\ufeff]+/;

/** The ids of a text, such as a mail, a spreadsheet's column or a list in a program; each as often as it stands there. */
export function splitIds(text: string): string[] {
  return text.split(separators).filter((id) => id !== '');
}

/** The ids of a text that arrives in pieces. An id at the end of a piece may go on in the next one. */
export async function* splitIdsOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const parts = (rest + piece).split(separators);
    rest = parts.pop() ?? '';
    yield* parts.filter((part) => part !== '');
  }
  if (rest !== '') yield rest;
}

/** Characters with which a spreadsheet begins a formula, or which it skips before one. */
const formulaStart = '[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]';
const formula = new RegExp(`^${formulaStart}`);
const markedFormula = new RegExp(`^'(?=${formulaStart})`);

/** A value as the text of a cell; empty where there is none. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The text of a cell, with an apostrophe in front where a spreadsheet would run it as a formula. */
export function withFormulaMark(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** The text of a cell that `withFormulaMark` made. */
export function withoutFormulaMark(cell: string): string {
  return cell.replace(markedFormula, '');
}

/** A number with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/**
 * A number of things, such as "1 record" or "1,200 records".
 *
 * @param noun in the singular; its plural ends with `s`
 */
export function quantity(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
