/** Returns `value` if it is an integer from `min` up, and throws a RangeError that names the option otherwise. */
export function checkInteger(name: string, value: number, min: number): number {
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new RangeError(`Expected \`${name}\` to be an integer from ${min} up, got ${value}`);
}

/** Returns `value` if it is a finite number from `min` up, and throws a RangeError that names the option otherwise. */
export function checkNumber(name: string, value: number, min: number): number {
  if (Number.isFinite(value) && value >= min) return value;
  throw new RangeError(`Expected \`${name}\` to be a finite number from ${min} up, got ${value}`);
}

/** Returns `value` if it is a finite number above 0, and throws a RangeError that names the option otherwise. */
export function checkPositive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`Expected \`${name}\` to be a finite number above 0, got ${value}`);
}

/** Returns `value` if it is a finite number, and throws a RangeError that names the option otherwise. */
export function checkFinite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`Expected \`${name}\` to be a finite number, got ${value}`);
}
