import { Principal } from './principal.js';

/** A caller who proved nothing where nothing has to be proved: it may do what takes no scope. */
export const nobody = new Principal({
  name: 'nobody',
  scopes: [],
  accounts: [],
  products: 'any',
  allowance: { idsPerSecond: undefined, recordsPerDay: undefined },
});
