/**
 * Folders that the gateway reads beside its own modules. The build puts both into `dist`, beside the compiled modules;
 * from the sources they are found where they are kept and built.
 */
const fromSources = import.meta.url.endsWith('.ts');

/** The example operations and the bundled trusted documents. */
export const schemaFolder = new URL(fromSources ? '../schema/' : './schema/', import.meta.url);

/** The built explorer. */
export const explorerFolder = new URL(fromSources ? '../dist/explorer/' : './explorer/', import.meta.url);
