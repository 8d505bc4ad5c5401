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
