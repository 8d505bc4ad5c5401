import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { isHttpUrl } from '../urls.js';

/** A command line that cannot be run. The message names the option, the rule, and what arrived. */
export class UsageError extends Error {}

const directions = ['INBOUND', 'OUTBOUND'];
const formats = ['table', 'jsonl', 'csv'] as const;
export type Format = (typeof formats)[number];

/** What every run has. */
interface CommonOptions {
  /** Address of a running gateway; undefined starts the gateway's own engine in the process. */
  readonly url: string | undefined;
  /** File with the bearer token for the gateway. */
  readonly tokenFile: string | undefined;
  readonly product: string | undefined;
  readonly direction: string | undefined;
  readonly account: string | undefined;
  /** Undefined decides by the output. */
  readonly format: Format | undefined;
  /** Names of fields; undefined for the usual ones. */
  readonly fields: readonly string[] | undefined;
  /** Path of the output; undefined for standard output. */
  readonly out: string | undefined;
  /** Partial output of an interrupted run. */
  readonly resume: string | undefined;
  /** Whether CSV cells stay as they are, also those that a spreadsheet takes for formulas. */
  readonly raw: boolean;
  readonly quiet: boolean;
  readonly dryRun: boolean;
  /** Records that the run may be billed for; undefined without a limit. */
  readonly maxRecords: number | undefined;
}

/** Looks up ids. */
export interface LookupOptions extends CommonOptions {
  readonly kind: 'lookup';
  readonly ids: readonly string[];
  /** Path of the input, or `-` for standard input; undefined reads the ids of the command line only. */
  readonly input: string | undefined;
  /** Column of a CSV input that holds the ids. */
  readonly column: string | undefined;
  /** Path for the ids that were not found. */
  readonly notFound: string | undefined;
}

/** Lists the records of a window of time. */
export interface ListOptions extends CommonOptions {
  readonly kind: 'list';
  readonly product: string;
  readonly since: string;
  readonly until: string | undefined;
}

export type CommandOptions = LookupOptions | ListOptions;

/** What a run reads from and writes to. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborted when the person interrupts the run; what is on its way is finished. */
  readonly interrupted: AbortSignal;
}

const flags = {
  in: { type: 'string' },
  column: { type: 'string' },
  product: { type: 'string' },
  direction: { type: 'string' },
  account: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string' },
  fields: { type: 'string' },
  'not-found': { type: 'string' },
  resume: { type: 'string' },
  'max-records': { type: 'string' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
  raw: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parse>['values'];

/**
 * Reads the words of a command line.
 *
 * @returns `help` or `version` where these were asked for
 * @throws UsageError for an unknown option, a value out of its range, or options that exclude each other
 */
export function readOptions(words: readonly string[]): CommandOptions | 'help' | 'version' {
  const { values, positionals } = parse(words);
  if (values.help) return 'help';
  if (values.version) return 'version';
  return values.since === undefined ? lookupOptions(values, positionals) : listOptions(values, positionals);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

function lookupOptions(values: Values, ids: readonly string[]): LookupOptions {
  const { in: input, column, 'not-found': notFound } = values;
  if (values.until !== undefined) throw new UsageError('--until needs --since: they bound a window of time.');
  if (ids.length === 0 && input === undefined)
    throw new UsageError(
      'No ids: give ids, a file with --in FILE, or a window of time with --since and --until.',
    );
  if (ids.length > 0 && input !== undefined)
    throw new UsageError(
      `Give ids either on the command line or with --in, got both: ${ids[0]} and ${input}.`,
    );
  if (column !== undefined && input === undefined) throw new UsageError('--column needs --in, a CSV file.');
  return { kind: 'lookup', ids, input, column, notFound, ...commonOptions(values) };
}

function listOptions(values: Values, ids: readonly string[]): ListOptions {
  const { product, since = '', until } = values;
  const foreign = (['in', 'column', 'not-found'] as const).find((name) => values[name] !== undefined);
  if (foreign) throw new UsageError(`--${foreign} is for ids; it does not go with --since.`);
  if (ids.length > 0) throw new UsageError(`Ids do not go with --since, got ${JSON.stringify(ids[0])}.`);
  if (product === undefined)
    throw new UsageError('--since needs --product: Vonage lists the records of one product at a time.');
  const window = { since: timeOf('since', since), until: until && timeOf('until', until) };
  return { kind: 'list', ...commonOptions(values), product: constantOf(product), ...window } as ListOptions;
}

function commonOptions(values: Values): CommonOptions {
  const { url, format, fields, 'max-records': maxRecords, product, direction } = values;
  if (url !== undefined && !isHttpUrl(url))
    throw new UsageError(`--url must be an http or https URL without credentials, got ${shown(url)}.`);
  if (format !== undefined && !isFormat(format))
    throw new UsageError(`--format must be ${formats.join(', ')}, got ${shown(format)}.`);
  if (values['token-file'] !== undefined && url === undefined)
    throw new UsageError('--token-file needs --url: the engine in this process takes no token.');
  return {
    url,
    tokenFile: values['token-file'],
    product: product && constantOf(product),
    direction: direction === undefined ? undefined : directionOf(direction),
    account: values.account,
    format,
    fields: fields === undefined ? undefined : namesOf(fields),
    out: values.out ?? values.resume?.replace(/\.part$/, ''),
    resume: values.resume,
    raw: values.raw ?? false,
    quiet: values.quiet ?? false,
    dryRun: values['dry-run'] ?? false,
    maxRecords: maxRecords === undefined ? undefined : countOf('max-records', maxRecords),
  };
}

function isFormat(text: string): text is Format {
  return (formats as readonly string[]).includes(text);
}

/** Products and directions in Vonage's spelling (`VOICE-CALL`, `outbound`) as the schema spells them. */
function constantOf(text: string): string {
  return text.toUpperCase().replaceAll('-', '_');
}

function directionOf(text: string): string {
  const direction = constantOf(text);
  if (directions.includes(direction)) return direction;
  throw new UsageError(`--direction must be inbound or outbound, got ${shown(text)}.`);
}

/** Each name once, since a column has a name of its own. */
function namesOf(fields: string): string[] {
  return [...new Set(fields.split(',').map((name) => name.trim()))];
}

function countOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`--${name} must be a whole number from 1 to 999,999,999, got ${shown(text)}.`);
  return Number(text);
}

/** A day stands for its beginning in UTC. */
function timeOf(name: string, text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(time) || Number.isNaN(Date.parse(time)))
    throw new UsageError(
      `--${name} must be a day such as 2026-11-01 or a time with its zone such as 2026-11-01T08:00:00Z, got ${shown(text)}.`,
    );
  return new Date(time).toISOString();
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

/** What `--help` prints; it fits one screen. */
export const help = `Looks up Vonage usage records by id, or lists those of a window of time.

  vonage-records 15000000E1F8B123 7b109636-1a05-11eb-bad9-38f9d3316493
  vonage-records --in ids.csv --column message_id --product SMS --direction outbound --out found.csv
  vonage-records --in - --fields vonageId,vonageStatus,totalPrice,to < ids.txt
  vonage-records --since 2026-11-01 --until 2026-11-02 --product SMS --direction outbound --out day.csv

Where ids come from
  ID …               ids on the command line
  --in FILE          a file with ids between blanks, commas or line breaks; - reads standard input
  --column NAME      the file is CSV, and this column holds the ids
  --since --until    no ids: a window of time instead; a day (UTC) or a time such as 2026-11-01T08:00:00Z
What to ask
  --product NAME     such as SMS, VOICE-CALL; without it every product is searched, which takes more calls
  --direction NAME   inbound or outbound
  --account ID       default: the account of the gateway
What to write
  --format NAME      table (default on a terminal), jsonl (default in a pipe) or csv (default for *.csv)
  --fields A,B       names of schema fields, such as vonageStatus,totalPrice,to,raw
  --out FILE         written as FILE.part until it is complete
  --not-found FILE   the ids that Vonage does not have, one a line
  --raw              keep CSV cells that begin with = + - @, which spreadsheets take for formulas
What it may cost
  --dry-run          tell ids, calls and seconds, and ask Vonage nothing
  --max-records N    stop before more than N records are billed
  --resume FILE      go on with FILE, the .part of an interrupted run
Whom to ask
  --url URL          a running gateway; without it the gateway runs in this process with the same VONAGE_* settings
  --token-file FILE  the token for that gateway; RECORDS_TOKEN in the environment works, too
  --quiet            no progress      --help   --version

Exit status: 0 all found, 1 some not found, 2 some failed, 3 stopped by a limit, 64 wrong usage, 130 interrupted.
`;
