import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { Product, type ProductRules } from '../catalogue/product.js';
import type { WireRow } from '../records/base.js';
import { parseVonageTime } from '../records/convert.js';
import { invalidFilter, invalidParameter, type Problem } from './problems.js';

/** A query for the rows of a range of dates. */
export interface DateQuery {
  /** Inclusive. */
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly filters: ReadonlyMap<string, string>;
  /** Rank of the last row of the page before; below every rank on the first page. */
  readonly afterRank: number;
  /** Every parameter but cursor and iv, as it was sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

const weekMs = 7 * 24 * 60 * 60 * 1000;
const documentedFormat = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:?\d\d)$/;
/** The rank of no row. */
const beforeAll = -1;

/** Checks the parameters of a query by date; a problem is what Vonage would answer instead. */
export function readDateQuery(
  query: URLSearchParams,
  rules: ProductRules,
  nowMs: number,
  quirks: Readonly<DateQuirks>,
): DateQuery | Problem {
  const { cursor, iv, ...parameters } = Object.fromEntries(query);
  const refused =
    wrongFilters(query, rules) ?? wrongDates(query, nowMs, quirks) ?? wrongCursor(cursor, iv, parameters);
  if (refused) return refused;
  const position = cursor !== undefined && iv !== undefined ? openPosition({ cursor, iv }) : undefined;
  return {
    startMs: momentOf(query.get('date_start'), nowMs - weekMs),
    endMs: momentOf(query.get('date_end'), nowMs),
    filters: filtersOf(query, rules.filters),
    afterRank: position?.rank ?? beforeAll,
    parameters,
  };
}

function wrongDates(
  query: URLSearchParams,
  nowMs: number,
  { requiresDates, refusesFutureEnd }: Readonly<DateQuirks>,
): Problem | undefined {
  for (const name of ['date_start', 'date_end']) {
    const text = query.get(name);
    if (text === null && requiresDates) return invalidParameter(name, 'is required');
    if (text === null) continue;
    // A `+` that was not percent-encoded arrives as a space, and its date is none.
    const moment = documentedFormat.test(text) ? parseVonageTime(text) : undefined;
    if (!moment) return invalidParameter(name, 'must be a date and time in ISO 8601 format');
    const mustBePast = name === 'date_start' || refusesFutureEnd;
    if (mustBePast && moment.getTime() >= nowMs) return invalidParameter(name, 'must be in the past');
  }
  return undefined;
}

/** A cursor goes with its iv, and with the parameters of the page that gave it. */
function wrongCursor(
  cursor: string | undefined,
  iv: string | undefined,
  parameters: DateQuery['parameters'],
): Problem | undefined {
  if (cursor === undefined && iv === undefined) return undefined;
  if (cursor === undefined) return invalidParameter('cursor', 'is required with iv');
  if (iv === undefined) return invalidParameter('iv', 'is required with cursor');
  const position = openPosition({ cursor, iv });
  if (!position) return invalidParameter('cursor', 'is not valid with this iv');
  const missing = Object.keys(position.parameters).find((name) => parameters[name] === undefined);
  if (missing !== undefined) return invalidParameter(missing, 'is required');
  const changed = Object.keys(parameters).find((name) => parameters[name] !== position.parameters[name]);
  return changed === undefined
    ? undefined
    : invalidParameter('cursor', `belongs to a query with another ${changed}`);
}

function momentOf(text: string | null, fallbackMs: number): number {
  return parseVonageTime(text ?? '')?.getTime() ?? fallbackMs;
}

/** Parameters of a query by date that are no filters of a product. Their own checks refuse them where they must. */
const commonParameters = new Set([
  ...['product', 'account_id', 'direction', 'date_start', 'date_end', 'cursor', 'iv'],
  ...['include_message', 'show_concatenated'],
]);

/** The filters whose values the API reference lists, by product. Any text is a value of all others. */
const closedValues: Partial<Record<Product, Readonly<Record<string, readonly string[]>>>> = {
  [Product.SMS]: {
    status: [
      ...['delivered', 'expired', 'accepted', 'deleted', 'unknown'],
      ...['submitted', 'failed', 'rejected', 'buffered'],
    ],
  },
  [Product.MESSAGES]: {
    status: ['submitted', 'delivered', 'read', 'rejected', 'undeliverable'],
    provider: [
      ...['whatsapp', 'sms', 'mms', 'messenger'],
      ...['viber_service_msg', 'instagram', 'rcs', 'email'],
    ],
  },
  [Product.VOICE_CALL]: { status: ['ANSWERED', 'MACHINE', 'ERROR'] },
  [Product.VERIFY_V2]: { channel: ['v2', 'email', 'silent_auth'] },
};

/** Filters that compare a field of another name. */
const comparedFields: Partial<Record<Product, Readonly<Record<string, string>>>> = {
  [Product.NETWORK_API_EVENT]: { country: 'country_code' },
};

/** Facts that Vonage filters by although its rows do not show them; here every row of the product has the same. */
const hiddenFacts: Partial<Record<Product, WireRow>> = {
  [Product.ASR]: { country: 'GB', network: '23410' },
  [Product.CONVERSATION_EVENT]: { status: 'SUCCESS' },
};

/** The problem of the first filter that the product does not take, or whose value is none of those allowed. */
function wrongFilters(query: URLSearchParams, { product, filters }: ProductRules): Problem | undefined {
  const unknown = [...query.keys()].filter((name) => !commonParameters.has(name) && !filters.includes(name));
  if (unknown.length > 0) return invalidFilter(unknown);
  for (const [name, value] of filtersOf(query, filters)) {
    if (value === '') return invalidParameter(name, 'must not be empty');
    const allowed = closedValues[product]?.[name];
    if (allowed && !allowed.includes(value)) {
      return invalidParameter(name, `must be one of ${allowed.join(', ')}`);
    }
  }
  return undefined;
}

/** The product's filters in a query, by their names. */
function filtersOf(query: URLSearchParams, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...query].filter(([name]) => names.includes(name)));
}

/** Whether a row has the value of every filter, letter for letter: how Vonage compares is not documented. */
export function matchesFilters(
  row: WireRow,
  product: Product,
  filters: ReadonlyMap<string, string>,
): boolean {
  const facts: WireRow = { ...hiddenFacts[product], ...row };
  return [...filters].every(([name, value]) => facts[comparedFields[product]?.[name] ?? name] === value);
}

/** Where the next page of a query begins, and the parameters of the query. */
export interface PagePosition {
  /** Rank of the last row that was returned. */
  readonly rank: number;
  /** Every parameter of the first page, as it was sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The two texts that Vonage returns with a page that is not the last. */
export interface PageCursor {
  readonly cursor: string;
  readonly iv: string;
}

const cursorAlgorithm = 'aes-256-gcm';
const cursorTagBytes = 16;
/** The same in every simulator, so that a cursor outlives the process that gave it. */
const cursorKey = createHash('sha256').update('cursors of the simulator').digest();

/** Seals a position: neither text can be read, or used without the other. */
export function sealPosition(position: PagePosition): PageCursor {
  const text = JSON.stringify(position);
  const iv = createHash('sha256').update(text).digest().subarray(0, 12);
  const cipher = createCipheriv(cursorAlgorithm, cursorKey, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { cursor: sealed.toString('base64url'), iv: iv.toString('base64url') };
}

/** The position that a cursor and its iv seal, or undefined for a pair that was never given. */
function openPosition({ cursor, iv }: PageCursor): PagePosition | undefined {
  try {
    const sealed = Buffer.from(cursor, 'base64url');
    const decipher = createDecipheriv(cursorAlgorithm, cursorKey, Buffer.from(iv, 'base64url'));
    decipher.setAuthTag(sealed.subarray(-cursorTagBytes));
    const text = Buffer.concat([decipher.update(sealed.subarray(0, -cursorTagBytes)), decipher.final()]);
    return JSON.parse(text.toString()) as PagePosition;
  } catch {
    return undefined;
  }
}

/** What single sources report of Vonage's date mode, and its documentation does not. All of it is off at first. */
export interface DateQuirks {
  /** Parameters that `_links.next` leaves out; in production it has lost `date_start`, and at times `date_end`. */
  nextLinkOmits: readonly string[];
  /** A query by date without both dates is refused with 422. Documented: seven days ago and now are the defaults. */
  requiresDates: boolean;
  /** A `date_end` in the future is refused with 422, as a `date_start` always is. */
  refusesFutureEnd: boolean;
  /** Responses have no `Date` header, so that a client cannot read Vonage's time from them. */
  omitsDateHeader: boolean;
  /** Characters outside ASCII are written as `\uXXXX`, which makes up to six bytes of two. */
  escapesText: boolean;
}

/** Every quirk turned off. */
export const noDateQuirks: Readonly<DateQuirks> = Object.freeze({
  nextLinkOmits: [],
  requiresDates: false,
  refusesFutureEnd: false,
  omitsDateHeader: false,
  escapesText: false,
});
