import { type TableRow, textOf } from './fields.js';

/** Characters with which a spreadsheet begins a formula. */
const formulaStart = /^[=+\-@\t\r]/;

/** CSV as RFC 4180 has it. A cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function toCsv(columns: readonly string[], rows: readonly TableRow[]): string {
  const lines = rows.map(({ requestedId, record }) => [
    requestedId,
    ...columns.map((column) => textOf(record[column])),
  ]);
  return [['id', ...columns], ...lines].map((line) => `${line.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lets the browser save a text as a file. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
