/** A number with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/**
 * A number of things, such as "1 record" or "1,200 records".
 *
 * @param noun in the singular; its plural ends with `s`
 */
export function quantity(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
