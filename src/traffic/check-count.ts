/** Throws a RangeError for what is no number of things: one NaN in a sum, and no limit would hold any more. */
export function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`Expected \`${name}\` to be an integer from 0 up, got ${value}`);
}
