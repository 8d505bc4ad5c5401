/** Vonage's rows are flat; endless brackets would break whoever walks them. */
const maxDepth = 32;
/** Keys and list entries together; Vonage's widest rows have sixty fields. */
const maxValues = 1000;
/** Of all keys and texts together; the longest message that is one record has some thousands. */
const maxCharacters = 100_000;

/**
 * Tells whether an object or list out of JSON is no larger or deeper than a row can be. What is would hold up everybody
 * whenever it is walked through, and its `raw` would be shown under as many names as a caller likes.
 */
export function isReasonableRow(row: object): boolean {
  let [values, characters] = [0, 0];
  const fits = (value: unknown, depth: number): boolean => {
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (values > maxValues || characters > maxCharacters) return false;
    return typeof value !== 'object' || value === null || (depth > 0 && allFit(value, depth - 1));
  };
  const allFit = (parent: object, depth: number): boolean => {
    for (const key of Object.keys(parent)) {
      characters += key.length;
      if (!fits(parent[key as keyof typeof parent], depth)) return false;
    }
    return true;
  };
  return fits(row, maxDepth);
}
