import { GatewayError } from '../../errors.js';
import type { ListTarget } from '../../operation/operation-service.js';
import type { Detail } from '../../retrieval/lookup/lanes.js';
import { isPageStart, type PageStart } from '../../retrieval/pages/page.js';
import { badInput } from './record-arguments.js';

/** The list that a cursor belongs to. */
export type ListParameters = Pick<ListTarget, 'accountId' | 'product' | 'direction' | 'sinceMs' | 'filters'>;

/** Where a list goes on. */
export interface ListPlace {
  /** End of the list's window in epoch milliseconds. */
  readonly untilMs: number;
  /** Detail of the rows that the list began with. */
  readonly detail: Detail;
  readonly start: PageStart | null;
  readonly offset: number;
}

/** Version and mark of a cursor. */
const mark = 'vp1_';
/** Twice what the longest filters and Vonage's longest cursor take. */
const maxLength = 16_384;
const maxOffset = 10_000;

/**
 * A cursor holds the parameters of its list, Vonage's cursor, and a place in the page. It holds no secret and needs no
 * signature: on return it is checked like the arguments of the field, so a forged one asks for nothing that its caller
 * could not ask for without it. It survives restarts, and every replica takes it.
 */
export function encodeCursor(
  parameters: ListParameters,
  { untilMs, detail, start, offset }: ListPlace,
): string {
  const { accountId, product, direction, sinceMs, filters } = parameters;
  const { cursor = null, iv = null } = start ?? {};
  const details = [detail.messageBody, detail.concatenated].map(Number);
  const parts = [accountId, product, direction, sinceMs, untilMs, filters, details, cursor, iv, offset];
  return mark + Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * The place that a cursor names in a list. Throws BAD_USER_INPUT for a text that is no cursor, and for the cursor of
 * another list.
 *
 * @param untilMs end of the window as the client sent it; undefined for the one that the list began with
 */
export function decodeCursor(
  text: string,
  parameters: ListParameters,
  untilMs: number | undefined,
): ListPlace {
  const parts = partsOf(text);
  const [accountId, product, direction, sinceMs, endMs, filters, details, cursor, iv, offset] = parts;
  const start = cursor === null && iv === null ? null : ({ cursor, iv } as PageStart);
  const isWellFormed =
    (start === null || isPageStart(cursor, iv)) &&
    Array.isArray(details) &&
    isMoment(endMs) &&
    Number.isInteger(offset) &&
    Number(offset) >= 0 &&
    Number(offset) <= maxOffset;
  if (!isWellFormed) throw notACursor(text);
  const contradicted =
    (accountId !== parameters.accountId && 'accountId') ||
    (product !== parameters.product && 'product') ||
    (direction !== parameters.direction && 'direction') ||
    (sinceMs !== parameters.sinceMs && 'since') ||
    (JSON.stringify(filters) !== JSON.stringify(parameters.filters) && 'where') ||
    // Earlier where the clock of the gateway ran ahead when the list began.
    (untilMs !== undefined && Number(endMs) > untilMs && 'until');
  if (contradicted) throw foreignCursor(contradicted);
  const [messageBody, concatenated] = details.map((each) => each === 1);
  const detail = { messageBody: messageBody === true, concatenated: concatenated === true };
  const place = { untilMs: Number(endMs), detail, start, offset: Number(offset) };
  // Decoding base64 skips what it does not know; one place must not have many cursors.
  if (encodeCursor(parameters, place) !== text) throw notACursor(text);
  return place;
}

function partsOf(text: string): readonly unknown[] {
  if (text.length > maxLength)
    throw new GatewayError(
      'BAD_USER_INPUT',
      `after must be a cursor, of at most ${maxLength} characters, got: ${text.length} characters.`,
    );
  if (!text.startsWith(mark)) throw /^vp\d+_/.test(text) ? oldCursor() : notACursor(text);
  try {
    const parts: unknown = JSON.parse(Buffer.from(text.slice(mark.length), 'base64url').toString());
    if (Array.isArray(parts)) return parts;
  } catch {
    // Told below.
  }
  throw notACursor(text);
}

function isMoment(value: unknown): boolean {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8.64e15;
}

function notACursor(text: string): GatewayError {
  return badInput(
    'after',
    'must be a cursor as an edge or pageInfo shows it',
    text.slice(0, 12),
    ' It is cut, changed, or of another field.',
  );
}

function oldCursor(): GatewayError {
  return new GatewayError(
    'BAD_USER_INPUT',
    'after is a cursor of another version of this gateway; begin the list anew without after.',
  );
}

function foreignCursor(argument: string): GatewayError {
  return new GatewayError(
    'BAD_USER_INPUT',
    `after belongs to another list: its ${argument} differs. Send the arguments that the list began with.`,
  );
}
