import { type DestinationStream, type Logger, pino } from 'pino';

export interface LoggerOptions {
  /** Least severe level that is logged. */
  readonly level: string;
  /** Texts that nobody may read in a log, as they are now. */
  secrets(): readonly string[];
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** Shorter texts would also be found where they are no secret. */
const minSecretLength = 6;
const concealed = '[concealed]';

/**
 * Writes a line of JSON an event. Secrets are taken out of the finished line, wherever in an error, a header or a URL they
 * stood: what to log is decided in many places, what not to log in this one.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  const conceal = (line: string) =>
    secrets()
      .filter((secret) => secret.length >= minSecretLength)
      .reduce((text, secret) => text.replaceAll(asJson(secret), concealed), line);
  const options = {
    level,
    redact: { paths: headerPaths, censor: concealed },
    hooks: { streamWrite: conceal },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Callers' own proofs are not known beforehand, so they are found by where they stand. */
const headerPaths = ['authorization', 'cookie', 'x-router-secret'].flatMap((name) =>
  ['headers', 'req.headers', 'request.headers'].map((place) => `${place}["${name}"]`),
);

/** As it stands inside of a JSON text. */
function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
