/** A text that JSON escapes: half of a character, or anything else. */
const escaped = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

/**
 * Writes an answer as JSON. Half of a character, as a cut text has it, would make strict readers such as routers refuse
 * the whole answer, so the sign for what cannot be shown stands in its place.
 */
export function serializeResponse(answer: object): string {
  const text = `${JSON.stringify(answer)}\n`;
  if (!text.includes('\\ud')) return text;
  return text.replace(escaped, (all: string, half: string | undefined) => (half ? '\ufffd' : all));
}
