import { Direction, type Product, type ProductRules } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { maxIdsPerCall } from '../vonage/wire.js';
import { type DateQuery, type DateQuirks, readDateQuery } from './date-query.js';
import { invalidFilter, invalidParameter, type Problem, unknownProduct } from './problems.js';

/** A call that Vonage would answer: by ids, or by a range of dates. */
export interface SimulatedQuery {
  readonly accountId: string;
  readonly product: Product;
  readonly direction: Direction | null;
  readonly includeMessage: boolean;
  readonly showConcatenated: boolean;
  /** Every parameter, as it was sent. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Null in a query by date. */
  readonly ids: readonly string[] | null;
  /** Null in a lookup by ids. */
  readonly dates: DateQuery | null;
}

const withIds = new Set(['product', 'account_id', 'direction', 'id', 'include_message', 'show_concatenated']);

/** What the simulator goes by beside the parameters. */
interface QueryRules {
  /** Products that it answers for. */
  readonly offered: readonly Product[];
  readonly nowMs: number;
  readonly quirks: Readonly<DateQuirks>;
}

/** Checks the parameters as the Reports API documents them; a problem is what it would answer instead. */
export function readQuery(
  query: URLSearchParams,
  { offered, nowMs, quirks }: QueryRules,
): SimulatedQuery | Problem {
  const fault = missing(query) ?? wrongProduct(query, offered);
  if (fault) return fault;
  const rules = rulesOf(query.get('product') as Product);
  const refused = wrongDirection(query, rules) ?? wrongExtras(query, rules) ?? wrongIds(query);
  if (refused) return refused;
  const dates = query.has('id') ? null : readDateQuery(query, rules, nowMs, quirks);
  if (dates && 'status' in dates) return dates;
  return {
    accountId: query.get('account_id') as string,
    product: rules.product,
    direction: query.get('direction') as Direction | null,
    includeMessage: query.get('include_message') === 'true',
    showConcatenated: query.get('show_concatenated') === 'true',
    parameters: Object.fromEntries(query),
    ids: dates ? null : splitIds(query),
    dates,
  };
}

function missing(query: URLSearchParams): Problem | undefined {
  const name = ['account_id', 'product'].find((each) => !query.get(each));
  return name === undefined ? undefined : invalidParameter(name, 'is required');
}

function wrongProduct(query: URLSearchParams, offered: readonly string[]): Problem | undefined {
  return offered.includes(query.get('product') as string) ? undefined : unknownProduct(offered);
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

function splitIds(query: URLSearchParams): string[] {
  return (query.get('id') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
