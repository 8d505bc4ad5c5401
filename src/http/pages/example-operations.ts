import { readdirSync, readFileSync } from 'node:fs';
import { schemaFolder } from '../../package-files.js';

/** A documented operation that runs without changes. */
export interface ExampleOperation {
  /** File name without its extension. */
  readonly name: string;
  readonly document: string;
}

const folder = new URL('operations/', schemaFolder);

/** The documented operations, in the order of their file names. */
export function readExampleOperations(): readonly ExampleOperation[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.graphql$/, ''),
      document: readFileSync(new URL(file, folder), 'utf8'),
    }));
}
