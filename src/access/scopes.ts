/** What a caller may be allowed, by the names that token files and JWTs use. */
export const accessScopes = [
  /** Look records up. Whoever lacks it is told nothing. */
  'records:read',
  /** See what was said: the text of messages, recognised speech, events' bodies. */
  'records:content',
  /** See phone numbers, addresses and names as they are, not masked. */
  'records:numbers',
  /** See what an operation cost, or would cost. */
  'explain',
  /** Read the schema, in production too. */
  'introspect',
] as const;

export type AccessScope = (typeof accessScopes)[number];

/** Tells whether a text names a scope. */
export function isAccessScope(text: string): text is AccessScope {
  return (accessScopes as readonly string[]).includes(text);
}
