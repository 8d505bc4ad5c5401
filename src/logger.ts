import { type DestinationStream, type Logger, pino } from 'pino';
import { readableLine } from './readable-line.js';

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

/** A shorter text would also be found where it is no secret. */
const minSecretLength = 6;
const concealed = '[concealed]';

/**
 * A logger that writes one line an event, as JSON unless `readable` is set. Secrets are taken out of the finished line, wherever in an error, a header
 * or a URL they stood: many places decide what to log, and this one decides what not to log.
 */
export function createLogger({ level, secrets, readable = false, destination }: LoggerOptions): Logger {
  const conceal = (line: string) =>
    secrets()
      .filter((secret) => secret.length >= minSecretLength)
      .reduce((text, secret) => text.replaceAll(asJson(secret), concealed), line);
  const options = {
    level,
    redact: { paths: headerPaths, censor: concealed },
    hooks: { streamWrite: readable ? (line: string) => readableLine(conceal(line)) : conceal },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Callers' own credentials are not known beforehand, so they are found by the header that holds them. */
const headerPaths = ['authorization', 'cookie', 'x-router-secret'].flatMap((name) =>
  ['headers', 'req.headers', 'request.headers'].map((place) => `${place}["${name}"]`),
);

/** As it stands inside of a JSON text. */
function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
