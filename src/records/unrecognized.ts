/** Stands in every closed list for a value that Vonage added after this gateway was built; `raw` keeps the value. */
export const UNRECOGNIZED = 'UNRECOGNIZED';
