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
