/**
 * Folders that the gateway reads beside its own modules. `src` and `dist` both lie directly below the package's root, so one
 * place finds them from either.
 */
const root = new URL('../', import.meta.url);

/** The emitted schema, the example operations and the bundled trusted documents. */
export const schemaFolder = new URL('schema/', root);

/** The built explorer. */
export const explorerFolder = new URL('dist/explorer/', root);
