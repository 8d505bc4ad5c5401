/** The rights of callers, by their names in token files and JWTs. */
export const accessScopes = [
  /** Look up records. A caller without it gets no record at all. */
  'records:read',
  /** List records by date. Each page that is bought can cost a thousand records. */
  'records:range',
  /** See contents: the text of messages, recognised speech, the bodies of events. */
  'records:content',
  /** See phone numbers, addresses and names unmasked. */
  'records:numbers',
  /** See what an operation costs or would cost. */
  'explain',
  /** Read the schema, also in production. */
  'introspect',
] as const;

export type AccessScope = (typeof accessScopes)[number];

/** Tells whether a text names a scope. */
export function isAccessScope(text: string): text is AccessScope {
  return (accessScopes as readonly string[]).includes(text);
}
