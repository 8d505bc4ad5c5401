import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-problems.js';

/** The errors that the configuration finds in an environment. */
export function errorsOf(
  environment: Readonly<Record<string, string | undefined>>,
  errors: readonly string[] = [],
): readonly string[] {
  try {
    readConfig(environment, errors);
  } catch (error) {
    if (error instanceof ConfigError) return error.errors;
    throw error;
  }
  return [];
}

/** A folder for the files that settings name. */
export class SettingFiles {
  readonly path = mkdtempSync(join(tmpdir(), 'config-'));
  #count = 0;

  /** Path of a new file with a text, or with a value as JSON. */
  add(content: unknown): string {
    this.#count += 1;
    const path = join(this.path, `${this.#count}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export const secret = 's3cr3t-of-the-account';

/** An environment with complete Vonage credentials. */
export const withCredentials = { VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: secret };

/** An environment in which callers authenticate by JWT. */
export const jwt = {
  AUTH_MODE: 'jwt',
  JWT_JWKS_URL: 'https://issuer.test/jwks.json',
  JWT_ISSUER: 'https://issuer.test',
  JWT_AUDIENCE: 'records',
};

/** An entry of `AUTH_TOKENS_FILE`. */
export const token = { name: 'billing', sha256: 'ab'.repeat(32), scopes: ['records:read'] };
