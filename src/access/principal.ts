import type { Product } from '../catalogue/product.js';
import type { Credentials } from '../vonage/credentials.js';

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

/** What a caller may ask for; undefined for no limit. */
export interface CallerLimits {
  /** Ids a second on average; an idle caller saves up a burst. */
  readonly idsPerSecond: number | undefined;
  /** Billed records in one UTC day. */
  readonly recordsPerDay: number | undefined;
}

export interface PrincipalOptions {
  /** Identifies the caller in limits and logs; never a secret. */
  readonly name: string;
  readonly scopes: Iterable<AccessScope>;
  /** Accounts that the caller may read; the first is its default. `any` for all that the gateway has keys for. */
  readonly accounts: 'any' | readonly string[];
  /** Account of operations that name none. Default: the first of `accounts`, or the gateway's own for `any`. */
  readonly defaultAccountId?: string;
  readonly products: 'any' | readonly Product[];
  readonly limits: CallerLimits;
  /** The caller's own Vonage key for all its lookups. Default: the operator's keys. */
  readonly own?: OwnCredentials;
}

/** A Vonage API key and secret that a caller brings. */
export interface OwnCredentials {
  /** Tells pairs of key and secret apart in this process, and tells nothing of the secret. */
  readonly name: string;
  readonly credentials: Credentials;
}

/** A caller and its rights. */
export class Principal {
  readonly name: string;
  readonly accounts: 'any' | readonly string[];
  /** Account of operations that name none; undefined for the gateway's own. */
  readonly defaultAccountId: string | undefined;
  readonly limits: CallerLimits;
  readonly own: OwnCredentials | undefined;
  /** Equal for requests of the same caller with the same rights; the limits are left out. Cached responses are stored under it. */
  readonly key: string;
  readonly #scopes: ReadonlySet<AccessScope>;
  readonly #products: 'any' | ReadonlySet<Product>;
  readonly #readable = new WeakMap<readonly Product[], readonly Product[]>();

  constructor(options: PrincipalOptions) {
    const { name, scopes, accounts, products, limits, own } = options;
    this.name = name;
    this.accounts = accounts;
    this.defaultAccountId = options.defaultAccountId ?? (accounts === 'any' ? undefined : accounts[0]);
    this.limits = limits;
    this.own = own;
    this.#scopes = new Set(scopes);
    this.#products = products === 'any' ? 'any' : new Set(products);
    const rights = [[...this.#scopes].sort(), accounts, products, this.defaultAccountId];
    this.key = JSON.stringify([name, own?.name, ...rights]);
  }

  has(scope: AccessScope): boolean {
    return this.#scopes.has(scope);
  }

  mayReadAccount(accountId: string): boolean {
    return this.accounts === 'any' || this.accounts.includes(accountId);
  }

  /** Those of the products that the caller may read. Equal lists give the identical list, because lookups are grouped by it. */
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

/** The caller of a request without credentials where none are needed: it may do only what needs no scope. */
export const unauthenticatedPrincipal = new Principal({
  name: 'unauthenticated',
  scopes: [],
  accounts: [],
  products: 'any',
  limits: { idsPerSecond: undefined, recordsPerDay: undefined },
});
