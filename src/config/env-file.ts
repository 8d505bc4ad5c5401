import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.js';
import type { Environment } from './setting.js';

/**
 * Adds the variables of a `.env` file to the environment of a process in development. Real environment variables win. The
 * file is optional; a process in test or production ignores it. Throws a ConfigError if the file cannot be read, or if it
 * sets `NODE_ENV`, which decides whether the file counts.
 *
 * @param path default: `.env` in the working directory
 */
export function withEnvFile(environment: Environment, path = '.env'): Environment {
  const { NODE_ENV: name } = environment;
  if (name && name !== 'development') return environment;
  const variables = readVariables(path);
  if (variables.NODE_ENV)
    throw new ConfigError([`NODE_ENV must not be set in ${path}: set it in the environment of the process.`]);
  return { ...variables, ...environment };
}

function readVariables(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigError([`${path} must be a readable file, got ${code}.`]);
  }
}
