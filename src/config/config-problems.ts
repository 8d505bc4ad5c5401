import { statSync } from 'node:fs';

/** The configuration is invalid. The message lists every error of it and quotes no secret. */
export class ConfigError extends Error {
  /** @param errors one sentence for each error, which begins with the name of the variable */
  constructor(readonly errors: readonly string[]) {
    const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
    super(`The configuration has ${count}:\n${errors.map((each) => `  - ${each}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Bits of a file's mode. */
const othersRead = 0o004;
const othersWrite = 0o022;

/**
 * The warning about a file whose secrets other users of the machine can read, or whose content they can change; undefined
 * where they cannot, or where that is unknown. A group may read: that is how containers mount secrets for their user.
 *
 * @param name what the operator knows the file by: its variable, or its path
 * @param isSecret whether the content is a secret, so that reading it matters
 */
export function fileAccessWarning(name: string, path: string, isSecret: boolean): string | undefined {
  const mode = modeOf(path);
  const actions = [
    ...(isSecret && mode & othersRead ? ['read'] : []),
    ...(mode & othersWrite ? ['change'] : []),
  ];
  if (actions.length === 0) return undefined;
  const shownMode = (mode & 0o777).toString(8).padStart(3, '0');
  return `${name}: other users of this machine can ${actions.join(' and ')} the file (mode ${shownMode}). Restrict it to the user of the gateway, such as with chmod 600.`;
}

/** Windows has no such bits. A file that cannot be read is an error elsewhere. */
function modeOf(path: string): number {
  if (process.platform === 'win32') return 0;
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}
