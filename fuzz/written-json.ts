/** What stands in place of texts that are too long to be read in an example, such as `"@nested:5000@"`. */
const placeholder = /"@([a-z-]+):(\d+)@"/g;

const writers: Readonly<Record<string, (count: number) => string>> = {
  nested: (depth) => '['.repeat(depth) + ']'.repeat(depth),
  object: objects,
  'object-text': (depth) => JSON.stringify(objects(depth)),
  text: (length) => JSON.stringify('x'.repeat(length)),
  digits: (length) => JSON.stringify('7'.repeat(length)),
};

/** Writes out what a JSON text only names. */
export function writtenJson(text: string): string {
  return text.replace(
    placeholder,
    (all, kind: string, count: string) => writers[kind]?.(Number(count)) ?? all,
  );
}

function objects(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}
