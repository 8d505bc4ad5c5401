import { Product, type ProductRules } from '../../catalogue/product.js';
import type { WireRow } from '../../records/base.js';
import { invalidFilter, invalidParameter, type Problem } from '../problems.js';

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
export function wrongFilters(
  query: URLSearchParams,
  { product, filters }: ProductRules,
): Problem | undefined {
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
export function filtersOf(query: URLSearchParams, names: readonly string[]): ReadonlyMap<string, string> {
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
