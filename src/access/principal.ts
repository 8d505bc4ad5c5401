import type { Product } from '../catalogue/product.js';
import type { Credentials } from '../vonage/credentials.js';
import type { AccessScope } from './scopes.js';

/** How much a caller may ask for; undefined for no limit. */
export interface CallerLimits {
  /** Ids a second, on average; a pause saves them up. */
  readonly idsPerSecond: number | undefined;
  /** Billed records in one day of UTC. */
  readonly recordsPerDay: number | undefined;
}

export interface PrincipalOptions {
  /** Tells callers apart in limits and logs; never a secret. */
  readonly name: string;
  readonly scopes: Iterable<AccessScope>;
  /** Accounts it may ask; the first is asked when it names none. `any` for all that the gateway has keys for. */
  readonly accounts: 'any' | readonly string[];
  /** Account it asks when it names none. Default: the first of `accounts`, or the gateway's own where they are `any`. */
  readonly defaultAccountId?: string;
  readonly products: 'any' | readonly Product[];
  readonly limits: CallerLimits;
  /** The caller's own key at Vonage, with which all its look-ups are made; the operator's keys without it. */
  readonly credentials?: Credentials;
}

/** Who asks, and what it may see. */
export class Principal {
  readonly name: string;
  readonly accounts: 'any' | readonly string[];
  /** Account it asks when it names none; undefined for the gateway's own. */
  readonly defaultAccountId: string | undefined;
  readonly limits: CallerLimits;
  readonly credentials: Credentials | undefined;
  /** Equal for callers who are the same and may see the same: what answers are kept under. */
  readonly key: string;
  readonly #scopes: ReadonlySet<AccessScope>;
  readonly #products: 'any' | ReadonlySet<Product>;
  readonly #readable = new WeakMap<readonly Product[], readonly Product[]>();

  constructor(options: PrincipalOptions) {
    const { name, scopes, accounts, products, limits, credentials } = options;
    this.name = name;
    this.accounts = accounts;
    this.defaultAccountId = options.defaultAccountId ?? (accounts === 'any' ? undefined : accounts[0]);
    this.limits = limits;
    this.credentials = credentials;
    this.#scopes = new Set(scopes);
    this.#products = products === 'any' ? 'any' : new Set(products);
    this.key = JSON.stringify([name, [...this.#scopes].sort(), accounts, products, this.defaultAccountId]);
  }

  has(scope: AccessScope): boolean {
    return this.#scopes.has(scope);
  }

  mayReadAccount(accountId: string): boolean {
    return this.accounts === 'any' || this.accounts.includes(accountId);
  }

  /** Those of the products that it may read; the same list for the same list, since look-ups are gathered by it. */
  readable(products: readonly Product[]): readonly Product[] {
    const readable = this.#products;
    if (readable === 'any') return products;
    const known = this.#readable.get(products);
    if (known) return known;
    const left = products.filter((product) => readable.has(product));
    this.#readable.set(products, left);
    return left;
  }
}

/** A caller who proved nothing where nothing has to be proved: it may do what takes no scope. */
export const unauthenticatedPrincipal = new Principal({
  name: 'nobody',
  scopes: [],
  accounts: [],
  products: 'any',
  limits: { idsPerSecond: undefined, recordsPerDay: undefined },
});
