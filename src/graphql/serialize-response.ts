/** An escape sequence of JSON; the group matches half of a surrogate pair. */
const escaped = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

/**
 * Writes a response as JSON. A text that was cut can end in half of a surrogate pair, for which strict parsers such as
 * routers reject the whole response, so the replacement character U+FFFD takes its place.
 */
export function serializeResponse(response: object): string {
  const text = `${JSON.stringify(response)}\n`;
  if (!text.includes('\\ud')) return text;
  return text.replace(escaped, (all: string, half: string | undefined) => (half ? '\ufffd' : all));
}
