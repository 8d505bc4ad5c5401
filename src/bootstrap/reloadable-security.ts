import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator } from '../access/authenticators/authenticator.js';
import { createAuthenticator } from '../access/authenticators/create-authenticator.js';
import { type Clock, wallClock } from '../clock.js';
import type { Config } from '../config/config.js';
import { PersistedQueries } from '../graphql/documents/persisted-queries.js';
import type { TrustedDocuments } from '../graphql/documents/trusted-documents.js';
import type {
  UntrustedDocument,
  UntrustedDocumentsOptions,
} from '../graphql/plugins/untrusted-documents-plugin.js';
import { readOwnDocuments } from '../http/documents/own-documents.js';
import { DocumentDoor } from '../http/documents/trusted-document-guard.js';
import { Authentication } from '../http/security/authentication.js';
import { routerProof } from '../http/security/router-authentication.js';
import { secretsOf } from './configured-credentials.js';

/** What the doors compare requests with. */
interface Locks {
  readonly authenticator: Authenticator;
  readonly documents: TrustedDocuments;
  readonly secrets: readonly string[];
  isFromRouter(headers: IncomingHttpHeaders): boolean;
  /** A router writes its documents itself, so nobody can list them; without a secret there is no telling who is one. */
  isProvenRouter(headers: IncomingHttpHeaders): boolean;
}

/** What lets requests in. Tokens, secrets and trusted documents may be replaced while it stands. */
export class Doors {
  readonly authentication: Authentication;
  readonly documentDoor: DocumentDoor;
  readonly #config: Config;
  readonly #clock: Clock;
  #locks: Locks;

  /**
   * @param clock tells when proofs end. Default: the time of day
   */
  constructor(config: Config, clock: Clock = wallClock) {
    const { production, trustedDocumentsMode } = config;
    this.#config = config;
    this.#clock = clock;
    this.#locks = locksOf(config, clock);
    const isProvenRouter = (headers: IncomingHttpHeaders) => this.#locks.isProvenRouter(headers);
    this.authentication = new Authentication({
      production,
      authenticator: () => this.#locks.authenticator,
      isFromRouter: (headers) => this.#locks.isFromRouter(headers),
      isProvenRouter,
    });
    this.documentDoor = new DocumentDoor({
      documents: () => this.#locks.documents,
      admitsAny: (headers) => trustedDocumentsMode !== 'enforce' || isProvenRouter(headers),
    });
  }

  /** Takes over what may change; requests that were let in go on. */
  reload(config: Config): void {
    this.#locks = locksOf(config, this.#clock);
  }

  /** Texts that nobody may read in a log. */
  get secrets(): readonly string[] {
    return this.#locks.secrets;
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
      documents: () => this.#locks.documents,
      isExempt: (headers) => this.#locks.isProvenRouter(headers),
      onUntrusted,
    };
  }
}

function locksOf(config: Config, clock: Clock): Locks {
  return {
    authenticator: createAuthenticator({ ...config, accountId: config.accountId ?? '', clock }),
    documents: config.trustedDocuments ?? readOwnDocuments(),
    secrets: secretsOf(config),
    isFromRouter: routerProof(config),
    isProvenRouter: routerProof({ ...config, production: true }),
  };
}
