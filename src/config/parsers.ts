import { z } from 'zod';

/** An integer in decimal digits, both bounds included. */
export function integer(min: number, max: number): z.ZodType<number> {
  const rule = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .refine((text) => isIntegerWithin(text, min, max), rule)
    .transform(Number)
    .describe(`an integer from ${min} to ${max}`);
}

/** An integer, or the word `unlimited` for no limit, which becomes undefined. */
export function limit(min: number, max: number): z.ZodType<number | undefined> {
  const rule = `must be unlimited or an integer from ${min} to ${max}`;
  return z
    .string()
    .refine((text) => text === 'unlimited' || isIntegerWithin(text, min, max), rule)
    .transform((text) => (text === 'unlimited' ? undefined : Number(text)))
    .describe(`an integer from ${min} to ${max}, or \`unlimited\``);
}

function isIntegerWithin(text: string, min: number, max: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** `true` or `false`. */
export function flag(): z.ZodType<boolean> {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((text) => text === 'true')
    .describe('`true` or `false`');
}

/** One of several names. */
export function oneOf<Name extends string>(names: readonly Name[]): z.ZodType<Name> {
  return z
    .enum(names, { error: `must be ${alternatives(names)}` })
    .describe(alternatives(names.map((name) => `\`${name}\``)));
}

function alternatives(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** A comma-separated list of at least one of several names. */
export function listOfNames<Name extends string>(names: readonly Name[]): z.ZodType<readonly Name[]> {
  return listOf(new Map(names.map((name) => [name, name])));
}

/** A comma-separated list of at least one name, as the values that the names stand for. */
export function listOf<Value>(byName: ReadonlyMap<string, Value>): z.ZodType<readonly Value[]> {
  const names = [...byName.keys()];
  const rule = `must be a comma-separated list of ${names.join(', ')}`;
  return z
    .string()
    .transform((text) => text.split(',').map((each) => byName.get(each.trim())))
    .refine((list): list is Value[] => !list.includes(undefined), rule)
    .describe(`a comma-separated list of ${names.map((name) => `\`${name}\``).join(', ')}`);
}

/**
 * A comma-separated list of at least one entry.
 *
 * @param isValid checks one entry
 * @param rule completes the error message, such as `must be a comma-separated list of …`
 */
export function listThat(isValid: (entry: string) => boolean, rule: string): z.ZodType<readonly string[]> {
  return z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine((entries) => entries.every(isValid), rule);
}

/**
 * A text that passes a check.
 *
 * @param rule completes the error message, such as `must be an http or https URL`
 */
export function textThat(isValid: (text: string) => boolean, rule: string): z.ZodType<string> {
  return z.string().refine(isValid, rule);
}
