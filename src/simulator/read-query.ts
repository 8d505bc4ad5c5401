import type { ProductRules } from '../catalogue/product.js';
import { Direction, Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { parseVonageTime } from '../records/date-time.js';
import { maxIdsPerCall } from '../vonage/wire.js';
import { invalidFilter, invalidParameter, type Problem, unknownProduct } from './problems.js';

/** A call that Vonage would answer: by ids, or by a range of dates. */
export interface SimulatedQuery {
  readonly accountId: string;
  readonly product: Product;
  readonly direction: Direction | null;
  readonly includeMessage: boolean;
  readonly showConcatenated: boolean;
  /** Null in a query by dates. */
  readonly ids: readonly string[] | null;
  readonly fromMs: number;
  readonly toMs: number;
}

const weekMs = 7 * 24 * 60 * 60 * 1000;
const withIds = new Set(['product', 'account_id', 'direction', 'id', 'include_message', 'show_concatenated']);

/** Checks the parameters as the Reports API documents them; a problem is what it would answer instead. */
export function readQuery(query: URLSearchParams, nowMs: number): SimulatedQuery | Problem {
  const fault = missing(query) ?? wrongProduct(query);
  if (fault) return fault;
  const rules = rulesOf(query.get('product') as Product);
  const refused =
    wrongDirection(query, rules) ?? wrongExtras(query, rules) ?? wrongIds(query) ?? wrongDates(query);
  if (refused) return refused;
  return {
    accountId: query.get('account_id') as string,
    product: rules.product,
    direction: query.get('direction') as Direction | null,
    includeMessage: query.get('include_message') === 'true',
    showConcatenated: query.get('show_concatenated') === 'true',
    ids: query.has('id') ? splitIds(query) : null,
    fromMs: momentOf(query.get('date_start'), nowMs - weekMs),
    toMs: momentOf(query.get('date_end'), nowMs),
  };
}

function missing(query: URLSearchParams): Problem | undefined {
  const name = ['account_id', 'product'].find((each) => !query.get(each));
  return name === undefined ? undefined : invalidParameter(name, 'is required');
}

function wrongProduct(query: URLSearchParams): Problem | undefined {
  const known: readonly string[] = Object.values(Product);
  return known.includes(query.get('product') as string) ? undefined : unknownProduct(known);
}

function wrongDirection(query: URLSearchParams, { direction: rule }: ProductRules): Problem | undefined {
  const direction = query.get('direction');
  if (rule === 'required' && !direction) return invalidParameter('direction', 'is required');
  if (rule === 'refused' && direction !== null) return invalidFilter(['direction']);
  const known: readonly string[] = Object.values(Direction);
  return direction === null || known.includes(direction)
    ? undefined
    : invalidParameter('direction', `must be one of ${known.join(', ')}`);
}

function wrongExtras(
  query: URLSearchParams,
  { messageBody, concatenated }: ProductRules,
): Problem | undefined {
  const direction = query.get('direction') as Direction;
  const refused = [
    query.has('include_message') && !messageBody.includes(direction) && 'include_message',
    query.has('show_concatenated') && !concatenated.includes(direction) && 'show_concatenated',
  ].filter((name) => name !== false);
  return refused.length > 0 ? invalidFilter(refused) : undefined;
}

/** With an id nothing that narrows a range of dates may be sent. */
function wrongIds(query: URLSearchParams): Problem | undefined {
  if (!query.has('id')) return undefined;
  const extra = [...query.keys()].filter((name) => !withIds.has(name));
  if (extra.length > 0) return invalidFilter(extra);
  const ids = splitIds(query);
  if (ids.length === 0) return invalidParameter('id', 'must not be empty');
  return ids.length > maxIdsPerCall
    ? invalidParameter('id', `must hold at most ${maxIdsPerCall} ids`)
    : undefined;
}

/** A `+` that was not percent-encoded arrives as a space, and its date is none. */
function wrongDates(query: URLSearchParams): Problem | undefined {
  const name = ['date_start', 'date_end'].find((each) => !isReadableDate(query.get(each)));
  return name === undefined
    ? undefined
    : invalidParameter(name, 'must be a date and time in ISO 8601 format');
}

function isReadableDate(text: string | null): boolean {
  return text === null || parseVonageTime(text) !== undefined;
}

function splitIds(query: URLSearchParams): string[] {
  return (query.get('id') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function momentOf(text: string | null, fallbackMs: number): number {
  return parseVonageTime(text ?? '')?.getTime() ?? fallbackMs;
}
