import { readFileSync } from 'node:fs';

/**
 * Files and folders that the package reads beside its own modules. The build puts them into `dist`, beside the compiled modules;
 * from the sources they are found where they are kept and built.
 */
const fromSources = import.meta.url.endsWith('.ts');

/** The example operations and the bundled trusted documents. */
export const schemaFolder = new URL(fromSources ? '../schema/' : './schema/', import.meta.url);

/** The built explorer. */
export const explorerFolder = new URL(fromSources ? '../dist/explorer/' : './explorer/', import.meta.url);

/** The schema as clients read it. */
export const schemaFile = new URL(
  fromSources ? '../schema/schema.graphql' : './client/schema.graphql',
  import.meta.url,
);

/** The built page that looks records up. */
export const lookupPageFolder = new URL(
  fromSources ? '../dist/lookup-page/' : './lookup-page/',
  import.meta.url,
);

/** The version of the package; the sources and the build both lie one folder below its package.json. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
