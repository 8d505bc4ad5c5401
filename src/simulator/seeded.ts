import { hash } from 'node:crypto';

/** The same value for the same words, in every run: the simulator's only source of variety. */
export function seededHex(digits: number, ...words: readonly (string | number)[]): string {
  return hash('sha512', words.join('|'), 'hex').slice(0, digits);
}

export function seededInt(below: number, ...words: readonly (string | number)[]): number {
  return Number.parseInt(seededHex(8, ...words), 16) % below;
}

export function seededUuid(...words: readonly (string | number)[]): string {
  const hex = seededHex(32, ...words);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

export function seededPick<Value>(values: readonly Value[], ...words: readonly (string | number)[]): Value {
  return values[seededInt(values.length, ...words)] as Value;
}
