import { z } from 'zod';

/** The environment variables by name. An empty variable counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One environment variable: how the gateway reads it, and what the documentation says about it. */
export interface Setting<Value> {
  /** Name of the variable. */
  readonly key: string;
  /**
   * Where the text of the setting comes from: `variable`, the variable itself; `secret`, the variable or the file that
   * `KEY_FILE` names; `file`, the file that the variable names. Error messages quote the text of a `variable` only.
   */
  readonly source: 'variable' | 'secret' | 'file';
  /** False where operators confuse the value with a secret, as in `key:secret`. Error messages then quote nothing. */
  readonly isQuoted?: boolean;
  /** True for a file without secrets: others may read it, and only its change matters. */
  readonly isPublic?: boolean;
  /** Turns the text into the value. Its description lists the allowed values for the documentation. */
  readonly schema: z.ZodType<Value>;
  /** The default, which may follow from other variables; undefined for none. */
  readonly fallback: (environment: Environment) => string | undefined;
  /** What the setting means, for the documentation. */
  readonly sentence: string;
}

/** A group of settings by the names that the configuration gives their values. */
export type SettingGroup = Readonly<Record<string, Setting<unknown>>>;

/** The values of a group of settings. */
export type ValuesOf<Group extends SettingGroup> = {
  readonly [Name in keyof Group]: Group[Name] extends Setting<infer Value> ? Value : never;
};

/** A setting with a fixed default, or with none. */
export function setting<Value, Fallback extends string | undefined>(
  key: string,
  schema: z.ZodType<Value>,
  fallback: Fallback,
  sentence: string,
) {
  return computed(key, schema, () => fallback, sentence);
}

/** A setting whose default follows from other variables. */
export function computed<Value, Fallback extends string | undefined>(
  key: string,
  schema: z.ZodType<Value>,
  fallback: (environment: Environment) => Fallback,
  sentence: string,
): Setting<Fallback extends string ? Value : Value | undefined> {
  return { key, source: 'variable', schema, fallback, sentence } as unknown as Setting<never>;
}

/** The same setting, whose text no error message quotes. */
export function unquoted<Value>(quoted: Setting<Value>): Setting<Value> {
  return { ...quoted, isQuoted: false };
}

/** The same setting, whose file other users may read. */
export function publicFile<Value>(setting: Setting<Value>): Setting<Value> {
  return { ...setting, isPublic: true };
}

/** A secret. The variable holds it, or the file that `KEY_FILE` names. */
export function secret(
  key: string,
  sentence: string,
  schema: z.ZodType<string> = z.string(),
): Setting<string | undefined> {
  return { key, source: 'secret', schema, fallback: () => undefined, sentence };
}

/** A setting that names a JSON file. Its value is the content of the file. */
export function file<Value>(
  key: string,
  content: z.ZodType<Value, unknown>,
  sentence: string,
): Setting<Value | undefined> {
  const schema = z.string().transform(parseJson).pipe(content);
  return { key, source: 'file', schema, fallback: () => undefined, sentence };
}

/** Leaves the parser's own message out, because that message quotes the text. */
function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must hold JSON' });
    return z.NEVER;
  }
}

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
