/** Names of pino's levels. */
const levels: Readonly<Record<number, string>> = {
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
  return `${[at, (levels[level] ?? '').padEnd(5), msg, ...shown].join(' ')}${stack}\n`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value);
}
