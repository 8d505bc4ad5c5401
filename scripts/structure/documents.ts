import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './source-files.js';

/** How much a reader and an operator have to take in. */
export interface DocumentFigures {
  /** Words of the README, as `wc -w` counts them. */
  readonly readmeWords: number;
  /** Environment variables that configure the gateway. */
  readonly settings: number;
}

/** Pages that may hold a table of settings. */
const settingsPages = ['README.md', 'docs/configuration.md'];

/** Measures the README and counts the settings. */
export function measureDocuments(checkout: string, files: readonly SourceFile[]): DocumentFigures {
  return {
    readmeWords: readPage(checkout, 'README.md').split(/\s+/).filter(Boolean).length,
    settings: countSettings(settingsPages.map((page) => readPage(checkout, page)).join('\n'), files),
  };
}

/**
 * Counts the names that begin a row of a documented table and are also a string in the source of the settings. Either
 * side alone holds more: tables list error codes too, and the source mentions HTTP methods and former names.
 */
function countSettings(pages: string, files: readonly SourceFile[]): number {
  const source = files
    .filter(({ path }) => /settings|config/.test(path))
    .map(({ text }) => text)
    .join('\n');
  const inSource = new Set([...source.matchAll(/(['"`])([A-Z][A-Z0-9_]*)\1/g)].map(([, , name]) => name));
  const documented = new Set([...pages.matchAll(/^\| *`([A-Z][A-Z0-9_]*)` *\|/gm)].map(([, name]) => name));
  return [...documented].filter((name) => inSource.has(name)).length;
}

function readPage(checkout: string, page: string): string {
  const path = join(checkout, page);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
