import { type DestinationStream, type Logger, pino } from 'pino';

export interface LoggerOptions {
  /** Least severe level that is logged. */
  readonly level: string;
  /** The secrets as they are now: texts that no log line may show. */
  secrets(): readonly string[];
  /** Whether lines are readable text in place of JSON. Default: false. */
  readonly readable?: boolean;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** A shorter secret is part of many words, so it counts as a secret only where it stands alone in a text. */
const minSecretLength = 6;
const concealed = '[concealed]';

/**
 * A logger that writes one line an event, as JSON unless `readable` is set. Secrets are taken out of the finished line,
 * wherever in an error, a header or a URL they stood: many places decide what to log, and this one decides what not to log.
 */
export function createLogger({ level, secrets, readable = false, destination }: LoggerOptions): Logger {
  const conceal = (line: string) => concealSecrets(concealAuthorization(line), secrets());
  const options = {
    level,
    redact: { paths: headerPaths, censor: concealed },
    hooks: { streamWrite: readable ? (line: string) => readableLine(conceal(line)) : conceal },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The name of a scheme and what follows it, also in a URL, in quotes and after an escaped line break. */
const authorization = /\b(basic|bearer)((?:\s|%20|\+|\\[nrt])+)(?:\\"|')?[^\s"'\\,;]+/gi;

/** Takes out credentials that a caller sent, which are not known beforehand. */
function concealAuthorization(line: string): string {
  return line.replace(authorization, `$1$2${concealed}`);
}

function concealSecrets(line: string, secrets: readonly string[]): string {
  const long = secrets.filter((secret) => secret.length >= minSecretLength);
  const short = secrets.filter((secret) => secret.length > 0 && secret.length < minSecretLength);
  const text = long.reduce((rest, secret) => rest.replaceAll(asJson(secret), concealed), line);
  return short.length === 0 ? text : concealWords(text, short);
}

/** Takes short secrets out of the texts of a line, so that its numbers and names stay JSON. */
function concealWords(line: string, words: readonly string[]): string {
  const any = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  const alone = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, 'gu');
  const withoutWords = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.replace(alone, concealed) : value;
  return `${JSON.stringify(JSON.parse(line), withoutWords)}\n`;
}

/** Callers' own credentials are not known beforehand, so they are found by the header that holds them. */
const headerPaths = ['authorization', 'cookie', 'x-router-secret'].flatMap((name) =>
  ['headers', 'req.headers', 'request.headers'].map((place) => `${place}["${name}"]`),
);

/** As it stands inside of a JSON text. */
function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Names of pino's levels. */
const levelNames: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** Turns a log line of JSON into one that a developer reads: time, level, message, and the other fields. */
export function readableLine(line: string): string {
  const { level, time, msg = '', pid: _pid, hostname: _hostname, err, ...fields } = JSON.parse(line);
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`);
  const at = new Date(time).toISOString().slice(11, 23);
  const stack = err?.stack ? `\n${err.stack}` : '';
  return `${[at, (levelNames[level] ?? '').padEnd(5), msg, ...shown].join(' ')}${stack}\n`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value);
}
