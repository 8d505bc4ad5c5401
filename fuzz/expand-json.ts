/** Placeholder for a text that is too long for a printed example, such as `"@nested:5000@"`. */
const placeholder = /"@([a-z-]+):(\d+)@"/g;

const writers: Readonly<Record<string, (count: number) => string>> = {
  nested: (depth) => '['.repeat(depth) + ']'.repeat(depth),
  object: objects,
  'object-text': (depth) => JSON.stringify(objects(depth)),
  text: (length) => JSON.stringify('x'.repeat(length)),
  digits: (length) => JSON.stringify('7'.repeat(length)),
};

/** Replaces the placeholders of a JSON text by the long texts. */
export function expandJson(text: string): string {
  return text.replace(
    placeholder,
    (all, kind: string, count: string) => writers[kind]?.(Number(count)) ?? all,
  );
}

function objects(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}
