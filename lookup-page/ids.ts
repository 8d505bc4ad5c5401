/** Blanks, commas, semicolons, line breaks and quotes stand between ids. */
const separators = /[\s,;"'\ufeff]+/;

/** The ids of a pasted text, each once, in their order. */
export function idsOf(text: string): string[] {
  return [...new Set(text.split(separators).filter((id) => id !== ''))];
}
