import type { Principal } from '../access/principal.js';
import { type Product, productName } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import type { UsageRecord } from '../records/base.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Lookup, PreparedScope } from '../retrieval/lookup/lookup.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import type { OperationOptions, Target, TargetScope } from './operation-service.js';

/** What of a lookup decides whether a caller may make it. */
interface AuthorizedScope {
  readonly accountId: string;
  readonly products: readonly Product[];
}

/**
 * The products in which a caller may look. Every path to a record passes here, before anything is looked up or cached rows
 * are shown. Throws FORBIDDEN for an account that is not the caller's, and when the caller may read none of the products. A
 * search goes on in the products that it may read, and does not tell that a record exists in another.
 */
function authorize({ accountId, products }: AuthorizedScope, principal: Principal): readonly Product[] {
  if (!principal.has('records:read')) throw forbidden('records; that takes the scope records:read');
  if (!principal.mayReadAccount(accountId)) throw forbidden(`records of account ${accountId}`);
  const readable = principal.readable(products);
  if (readable.length > 0 || products.length === 0) return readable;
  throw forbidden(`records of ${products.map(productName).join(', ')}`);
}

/** What of a list decides whether a caller may have it. */
interface AuthorizedList {
  readonly accountId: string;
  readonly product: Product;
  /** Wire names of the filters. */
  readonly filters: readonly (readonly [name: string, value: string])[];
}

/** Filters that compare with numbers and addresses. With them a caller could find out what its records show masked. */
const personalFilters: ReadonlySet<string> = new Set(['from', 'to', 'number']);

/** Throws FORBIDDEN for a list that a caller may not have, before any page is bought or a bought one is shown. */
export function authorizeList({ accountId, product, filters }: AuthorizedList, principal: Principal): void {
  if (!principal.has('records:range')) throw forbidden('records by date; that takes the scope records:range');
  authorize({ accountId, products: [product] }, principal);
  const [personal] = filters.find(([name]) => personalFilters.has(name)) ?? [];
  if (personal === undefined || principal.has('records:numbers')) return;
  throw new GatewayError(
    'FORBIDDEN',
    `This caller may not filter by where.${personal}; that takes the scope records:numbers.`,
  );
}

function forbidden(what: string): GatewayError {
  return new GatewayError('FORBIDDEN', `This caller may not read ${what}.`);
}

/**
 * Whether a caller may see a record that was found in an account that it may ask. A row names its own account: a row that
 * arrived in the response for another account, or whose account cannot be read, is not the caller's. A row that names no
 * account counts as one of the account that was asked. Names that Vonage gives its own accounts (`nexmo-…`) are no account
 * of a caller, so only callers with all accounts see such rows.
 */
export function isVisibleTo(
  { namedAccount }: UsageRecord,
  askedAccountId: string,
  { accounts }: Principal,
): boolean {
  if (accounts === 'any' || namedAccount === null) return true;
  const named = namedAccount.toLowerCase();
  return [askedAccountId, ...accounts].some((account) => account.toLowerCase() === named);
}

/** A lookup and the engine that finds it. */
interface EngineLookup {
  readonly engine: RecordEngine;
  readonly lookup: Lookup;
}

/** The engine and the lanes of one scope. */
interface EngineScope {
  readonly engine: RecordEngine;
  readonly prepared: PreparedScope;
  readonly content: SelectedContent;
}

/** Authorizes what a field asks for and prepares its lookups. The ids of a field share their scope, which is prepared once. */
export class TargetPreparation {
  readonly #principal: Principal;
  readonly #engineOf: OperationOptions['engineOf'];
  readonly #scopes = new WeakMap<TargetScope, EngineScope>();

  constructor(principal: Principal, { engineOf }: OperationOptions) {
    this.#principal = principal;
    this.#engineOf = engineOf;
  }

  /** Throws FORBIDDEN for what the caller may not read, and BAD_USER_INPUT for an account without a key. */
  prepare({ id, scope }: Target, content: SelectedContent): EngineLookup {
    const known = this.#scopes.get(scope);
    const { engine, prepared } = known?.content === content ? known : this.#prepareScope(scope, content);
    return { engine, lookup: engine.store.lookup(id, prepared) };
  }

  #prepareScope(scope: TargetScope, content: SelectedContent): EngineScope {
    const products = authorize(scope, this.#principal);
    const engine = this.#engineOf(scope.accountId, this.#principal);
    const engineScope = { engine, prepared: engine.store.scope({ ...scope, products, content }), content };
    this.#scopes.set(scope, engineScope);
    return engineScope;
  }
}
