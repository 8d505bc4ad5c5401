import { readFileSync } from 'node:fs';

/** The version of the package; the sources and the build both lie one folder below its package.json. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
