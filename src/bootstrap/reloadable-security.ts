import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator } from '../access/authenticators/authenticator.js';
import { createAuthenticator } from '../access/authenticators/create-authenticator.js';
import { type Clock, systemClock } from '../clock.js';
import type { Config } from '../config/config.js';
import { PersistedQueries } from '../graphql/documents/persisted-queries.js';
import type { TrustedDocuments } from '../graphql/documents/trusted-documents.js';
import type {
  UntrustedDocument,
  UntrustedDocumentsOptions,
} from '../graphql/plugins/untrusted-documents-plugin.js';
import { readBundledDocuments } from '../http/documents/bundled-documents.js';
import { TrustedDocumentGuard } from '../http/documents/trusted-document-guard.js';
import { Authentication } from '../http/security/authentication.js';
import { routerAuthentication } from '../http/security/router-authentication.js';
import { configuredSecrets } from './configured-credentials.js';

/** What the doors compare requests with. */
interface RequestSecurity {
  readonly authenticator: Authenticator;
  readonly documents: TrustedDocuments;
  readonly secrets: readonly string[];
  isFromRouter(headers: IncomingHttpHeaders): boolean;
  /** A router writes its documents itself, so nobody can list them; without a secret there is no telling who is one. */
  isAuthenticatedRouter(headers: IncomingHttpHeaders): boolean;
}

/** What lets requests in. Tokens, secrets and trusted documents may be replaced while it stands. */
export class ReloadableSecurity {
  readonly authentication: Authentication;
  readonly documentGuard: TrustedDocumentGuard;
  readonly #config: Config;
  readonly #clock: Clock;
  #current: RequestSecurity;

  /**
   * @param clock tells when proofs end. Default: the time of day
   */
  constructor(config: Config, clock: Clock = systemClock) {
    const { production, trustedDocumentsMode } = config;
    this.#config = config;
    this.#clock = clock;
    this.#current = requestSecurityOf(config, clock);
    const isAuthenticatedRouter = (headers: IncomingHttpHeaders) =>
      this.#current.isAuthenticatedRouter(headers);
    this.authentication = new Authentication({
      production,
      authenticator: () => this.#current.authenticator,
      isFromRouter: (headers) => this.#current.isFromRouter(headers),
      isAuthenticatedRouter,
    });
    this.documentGuard = new TrustedDocumentGuard({
      documents: () => this.#current.documents,
      allowsAny: (headers) => trustedDocumentsMode !== 'enforce' || isAuthenticatedRouter(headers),
    });
  }

  /** Takes over what may change; requests that were let in go on. */
  reload(config: Config): void {
    this.#current = requestSecurityOf(config, this.#clock);
  }

  /** Texts that nobody may read in a log. */
  get secrets(): readonly string[] {
    return this.#current.secrets;
  }

  /** Where only trusted documents run none is kept, but a router's client is still told so in the words that it knows. */
  get persistedQueries(): PersistedQueries | undefined {
    const { trustedDocumentsMode, apqMaxBytes } = this.#config;
    if (trustedDocumentsMode === 'enforce') return new PersistedQueries(0);
    return apqMaxBytes === 0 ? undefined : new PersistedQueries(apqMaxBytes);
  }

  /** What is told of documents that run without being trusted; undefined where nothing is. */
  untrustedDocuments(
    onUntrusted: (document: UntrustedDocument) => void,
  ): UntrustedDocumentsOptions | undefined {
    if (this.#config.trustedDocumentsMode !== 'log') return undefined;
    return {
      documents: () => this.#current.documents,
      isExempt: (headers) => this.#current.isAuthenticatedRouter(headers),
      onUntrusted,
    };
  }
}

function requestSecurityOf(config: Config, clock: Clock): RequestSecurity {
  return {
    authenticator: createAuthenticator({ ...config, accountId: config.accountId ?? '', clock }),
    documents: config.trustedDocuments ?? readBundledDocuments(),
    secrets: configuredSecrets(config),
    isFromRouter: routerAuthentication(config),
    isAuthenticatedRouter: routerAuthentication({ ...config, production: true }),
  };
}
