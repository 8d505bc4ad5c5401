/**
 * Vonage ids are opaque text: 16 hex digits for an SMS, 32 hex digits with `-1` for a call, `CON-…` for a conversation,
 * and even the UUIDs of Vonage's own samples are one digit short. So the grammar only keeps out what could change the
 * meaning of the comma-separated list or of the query string.
 */
const vonageId = /^[A-Za-z0-9._:-]{1,128}$/;

/** Hex digits, with hyphens as a UUID has them; short words such as `FACE` are not taken for hex. */
const hexForm = /^(?=.{16})[0-9A-Fa-f]+(?:-[0-9A-Fa-f]+)*$/;

export function isVonageId(text: string): boolean {
  return vonageId.test(text);
}

/** Ids of network requests: a UUID after a prefix, in either case. */
const networkRequest = /^vn-/i;

/** One spelling for ids that mean the same: hex, UUID and `vn-` forms ignore case, any other id is itself. */
export function canonicalId(id: string): string {
  return hexForm.test(id) || networkRequest.test(id) ? id.toLowerCase() : id;
}

const accountId = /^[A-Za-z0-9_-]{1,64}$/;

/** Tells whether a text can be the id of an account: 1 to 64 letters, digits, `-` or `_`. API keys look the same. */
export function isAccountId(text: string): boolean {
  return accountId.test(text);
}

/** Names that Vonage gives its own accounts, such as `nexmo-vapi-us-east-1`. Rows carry them; no call may name one. */
export function isInternalAccountName(text: string): boolean {
  return /^nexmo-/i.test(text);
}

/** What an id looks like. Ids of one product look alike, so the shape tells where a search begins. */
export type IdShape =
  | 'hex 16'
  | 'hex 32'
  | 'hex 32 with suffix'
  | 'uuid'
  | 'conversation'
  | 'network request'
  | 'video session'
  | 'other';

const shapes: readonly (readonly [IdShape, RegExp])[] = [
  ['conversation', /^CON-/i],
  ['network request', /^vn-/i],
  ['video session', /^1_/],
  ['hex 16', /^[0-9a-f]{16}$/i],
  ['hex 32', /^[0-9a-f]{32}$/i],
  ['hex 32 with suffix', /^[0-9a-f]{32}-\d+$/i],
  // The UUIDs of Vonage's own samples are one digit short.
  ['uuid', /^[0-9a-f]{8}-([0-9a-f]{3,4}-){3}[0-9a-f]{11,12}$/i],
];

/** The shape of an id; `other` where no product is known for it. */
export function idShape(id: string): IdShape {
  return shapes.find(([, form]) => form.test(id))?.[0] ?? 'other';
}
