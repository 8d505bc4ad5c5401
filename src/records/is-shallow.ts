/** Tells whether no value of a parsed JSON stands inside more lists and objects than `depth`; ends as soon as one does. */
export function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}
