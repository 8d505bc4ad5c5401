import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { fileAccessWarning } from './config-problems.js';
import type { Environment, Setting } from './setting.js';
import { settingGroups } from './settings.js';

/** The variables that the configuration is read from. */
export interface Variables {
  readonly environment: Environment;
  /** One sentence for each error of the `.env` file. */
  readonly errors: readonly string[];
  /** A sentence if other users can read secrets of the file, or change it. */
  readonly warnings: readonly string[];
}

const secrets = Object.values(settingGroups)
  .flatMap((group) => Object.values<Setting<unknown>>(group))
  .flatMap(({ key, source }) => (source === 'secret' ? [key] : []));

/**
 * Adds the variables of a `.env` file to the environment of a process in development. Real environment variables win. The
 * file is optional; a process in test or production ignores it. It is an error if the file cannot be read, or if it sets
 * `NODE_ENV`, which decides whether the file counts.
 *
 * @param path default: `.env` in the working directory
 */
export function withEnvFile(environment: Environment, path = '.env'): Variables {
  const { NODE_ENV: name } = environment;
  if (name && name !== 'development') return { environment, errors: [], warnings: [] };
  try {
    const { NODE_ENV: ownName, ...variables } = parseEnv(readFileSync(path, 'utf8'));
    const error = `NODE_ENV must not be set in ${path}: set it in the environment of the process.`;
    const isSecret = secrets.some((key) => variables[key]);
    const warning = fileAccessWarning(path, path, isSecret);
    return {
      environment: { ...variables, ...environment },
      errors: ownName ? [error] : [],
      warnings: warning ? [warning] : [],
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const errors = code === 'ENOENT' ? [] : [`${path} must be a readable file, got ${code}.`];
    return { environment, errors, warnings: [] };
  }
}
