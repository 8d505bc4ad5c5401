import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator } from '../access/authenticator.js';
import { type AuthenticatorOptions, createAuthenticator } from '../access/create-authenticator.js';
import { SigningKeys, type SigningKeysOptions } from '../access/signing-keys.js';
import { type Clock, systemClock } from '../clock.js';
import type { Config } from '../config/config.js';
import type { GatewayError } from '../errors.js';
import { PersistedQueries } from '../graphql/document-caches.js';
import type {
  UntrustedDocument,
  UntrustedDocumentsOptions,
} from '../graphql/plugins/untrusted-documents-hooks.js';
import type { TrustedDocuments } from '../graphql/trusted-documents.js';
import { Authentication, routerAuthentication } from '../http/authentication.js';
import { readBundledDocuments, TrustedDocumentGuard } from '../http/trusted-document-guard.js';
import { assertTextWithinLimits } from '../limits/document-size.js';
import { passwordsOf } from '../traffic/resilience/redis-url.js';
import { credentialsByAccount } from './api-keys.js';

/** What the security hooks compare requests with. */
interface RequestSecurity {
  readonly authenticator: Authenticator;
  readonly documents: TrustedDocuments;
  readonly recordsPerDay: ReadonlyMap<string, number>;
  isFromRouter(headers: IncomingHttpHeaders): boolean;
  /** Tells whether a request proves with the secret that a router sends it. Without a secret no request does. */
  isAuthenticatedRouter(headers: IncomingHttpHeaders): boolean;
}

export interface SecurityOptions {
  /** Tells when credentials expire. Default: the system clock. */
  readonly clock?: Clock | undefined;
  /** Asks whether Vonage accepts a caller's own API key and secret. */
  readonly verifyCredentials: AuthenticatorOptions['basic']['verify'];
  /** Called for each request that is refused for its credentials. */
  onRefused(error: GatewayError): void;
  /** Called when the keys of the token issuer cannot be fetched, and when they can again. */
  onSigningKeysChange: NonNullable<SigningKeysOptions['onChange']>;
}

/** The security hooks of the GraphQL endpoint. `reload` replaces tokens, secrets and trusted documents while it runs. */
export class ReloadableSecurity {
  readonly authentication: Authentication;
  readonly documentGuard: TrustedDocumentGuard;
  readonly #config: Config;
  readonly #authentication: Omit<AuthenticatorOptions, 'auth' | 'accountId'>;
  readonly #secrets: ConcealedSecrets;
  #current: RequestSecurity;

  constructor(config: Config, options: SecurityOptions) {
    const { clock = systemClock, verifyCredentials: verify, onRefused, onSigningKeysChange } = options;
    const { production } = config;
    const { trustedDocumentsMode } = config.graphql;
    this.#config = config;
    this.#authentication = {
      clock,
      basic: { hashKey: randomBytes(32), verify },
      signingKeysOf: keptSigningKeys({ clock, onChange: onSigningKeysChange }),
    };
    this.#current = requestSecurityOf(config, this.#authentication);
    // A call can begin when the time of its operation ends.
    const longestCallMs = config.limits.operationTimeoutMs + config.vonage.callTimeoutMs;
    this.#secrets = new ConcealedSecrets(configuredSecrets(config), clock, longestCallMs);
    const isAuthenticatedRouter = (headers: IncomingHttpHeaders) =>
      this.#current.isAuthenticatedRouter(headers);
    this.authentication = new Authentication({
      production,
      authenticator: () => this.#current.authenticator,
      isFromRouter: (headers) => this.#current.isFromRouter(headers),
      isAuthenticatedRouter,
      onRefused,
    });
    this.documentGuard = new TrustedDocumentGuard({
      documents: () => this.#current.documents,
      // A router composes its documents at run time, so no list can hold them.
      assertFits: (text) => assertTextWithinLimits(text, config.limits),
      allowsAny: (headers) => trustedDocumentsMode !== 'enforce' || isAuthenticatedRouter(headers),
    });
  }

  /** Takes over the tokens, secrets and trusted documents of a configuration. Requests in progress continue. */
  reload(config: Config): void {
    this.#current = requestSecurityOf(config, this.#authentication);
    this.#secrets.replace(configuredSecrets(config));
  }

  /** The documents that are trusted now. */
  get trustedDocuments(): TrustedDocuments {
    return this.#current.documents;
  }

  /** Daily quotas of the callers that the token file names. */
  get recordsPerDay(): ReadonlyMap<string, number> {
    return this.#current.recordsPerDay;
  }

  /** Texts that must not appear in a log; replaced secrets count for as long as calls with them can run. */
  get secrets(): readonly string[] {
    return this.#secrets.all;
  }

  /**
   * The store of automatic persisted queries; undefined if they are off. It keeps none if only trusted documents run, so that
   * a client still gets the error code that it knows.
   */
  get persistedQueries(): PersistedQueries | undefined {
    const { trustedDocumentsMode, apqMaxBytes } = this.#config.graphql;
    if (trustedDocumentsMode === 'enforce') return new PersistedQueries(0);
    return apqMaxBytes === 0 ? undefined : new PersistedQueries(apqMaxBytes);
  }

  /**
   * Options of the plugin that reports untrusted documents; undefined if the mode is not `log`.
   *
   * @param onUntrusted gets each document that ran outside the list
   */
  untrustedDocuments(
    onUntrusted: (document: UntrustedDocument) => void,
  ): UntrustedDocumentsOptions | undefined {
    if (this.#config.graphql.trustedDocumentsMode !== 'log') return undefined;
    return {
      documents: () => this.#current.documents,
      isExempt: (headers) => this.#current.isAuthenticatedRouter(headers),
      onUntrusted,
    };
  }
}

/** The keys of an issuer go on while its URL stays, so a reload works while the key server is away. */
function keptSigningKeys(options: Omit<SigningKeysOptions, 'url'>): (url: string) => SigningKeys {
  let kept: { readonly url: string; readonly keys: SigningKeys } | undefined;
  return (url) => {
    if (kept?.url !== url) kept = { url, keys: new SigningKeys({ ...options, url }) };
    return kept.keys;
  };
}

function requestSecurityOf(
  config: Config,
  authentication: Omit<AuthenticatorOptions, 'auth' | 'accountId'>,
): RequestSecurity {
  const { auth, graphql, production, vonage } = config;
  const { routerSecret, trustedDocuments } = graphql;
  return {
    authenticator: createAuthenticator({ auth, accountId: vonage.accountId ?? '', ...authentication }),
    documents: trustedDocuments ?? readBundledDocuments(),
    recordsPerDay: recordsPerDayOf(config),
    isFromRouter: routerAuthentication({ routerSecret, production }),
    isAuthenticatedRouter: routerAuthentication({ routerSecret, production: true }),
  };
}

function recordsPerDayOf({ auth }: Config): ReadonlyMap<string, number> {
  if (auth.mode !== 'token') return new Map();
  const quotas = (auth.tokens ?? []).map(
    ({ name, recordsPerDay = auth.callerRecordsPerDay }) => [name, recordsPerDay] as const,
  );
  return new Map(quotas.filter((quota): quota is [string, number] => quota[1] !== undefined));
}

/** Texts that no log line may show: the secrets in use, and for a time those that a reload replaced. */
export class ConcealedSecrets {
  readonly #clock: Clock;
  readonly #keepMs: number;
  #current: readonly string[];
  #replaced: { readonly secrets: readonly string[]; readonly untilMs: number }[] = [];

  /** @param keepMs milliseconds for which calls with a replaced secret can still run and fail */
  constructor(secrets: readonly string[], clock: Clock, keepMs: number) {
    this.#current = secrets;
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** All texts to conceal now. */
  get all(): readonly string[] {
    if (this.#replaced.length === 0) return this.#current;
    const nowMs = this.#clock.now();
    this.#replaced = this.#replaced.filter(({ untilMs }) => untilMs > nowMs);
    return [...this.#current, ...this.#replaced.flatMap(({ secrets }) => secrets)];
  }

  /** Takes over the secrets of a reload. */
  replace(secrets: readonly string[]): void {
    this.#replaced.push({ secrets: this.#current, untilMs: this.#clock.now() + this.#keepMs });
    this.#current = secrets;
  }
}

/** Every text of a configuration that must not appear in a log. */
function configuredSecrets({ vonage, redis, graphql }: Config): readonly string[] {
  const { accounts, fallback } = credentialsByAccount(vonage);
  const credentials = [...accounts.values(), ...(fallback ? [fallback] : [])];
  const texts = [redis.url, graphql.routerSecret].flatMap((text) => text || []);
  return [...texts, ...passwordsOf(redis.url ?? ''), ...credentials.flatMap(({ secrets }) => secrets)];
}
