import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticator.js';
import { type Principal, unauthenticatedPrincipal } from '../access/principal.js';
import { GatewayError } from '../errors.js';
import { countOfHeader } from './check-host.js';
import { sendError } from './errors.js';

export interface AuthenticationOptions {
  /** Identifies callers; read for each request, because a reload replaces it. */
  authenticator(): Authenticator;
  /** Tells by its headers whether a request comes from the router of a federated graph. */
  isFromRouter(headers: IncomingHttpHeaders): boolean;
  /** Tells by its headers whether a request carries the router's secret; false where no secret is configured. */
  isAuthenticatedRouter(headers: IncomingHttpHeaders): boolean;
  readonly production: boolean;
  /** Called for each request that is refused for its credentials. The cause of the error can tell more than its message. */
  onRefused?(error: GatewayError): void;
}

/** The sender of a request. */
export interface Sender {
  readonly principal: Principal;
  readonly fromRouter: boolean;
}

/**
 * Identifies the sender of each request before any of its body is read. A request without valid credentials gets
 * UNAUTHENTICATED and a challenge.
 *
 * Three kinds of requests may come without credentials: a router's, which may read the subgraph's schema; a browser's
 * without an operation, for the sandbox page; and a preflight. They continue as `unauthenticatedPrincipal`, which may not look anything up.
 */
export class Authentication {
  readonly #options: AuthenticationOptions;
  readonly #senders = new WeakMap<FastifyRequest, Sender>();

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** Value of the `WWW-Authenticate` header for a response with status 401; undefined where credentials are never needed. */
  get challenge(): string | undefined {
    return this.#options.authenticator().challenge;
  }

  /** The hook that answers requests without valid credentials. */
  readonly onRequest = (
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void => {
    const fromRouter = this.#options.isFromRouter(request.headers);
    const authenticator = this.#options.authenticator();
    const accept = (principal: Principal) => {
      this.#senders.set(request, { principal, fromRouter });
      done();
    };
    const refuse = (error: Error) => {
      if (!(error instanceof GatewayError)) return done(error);
      this.#options.onRefused?.(error);
      const { challenge } = authenticator;
      if (error.code === 'UNAUTHENTICATED' && challenge) reply.header('www-authenticate', challenge);
      sendError(error, request, reply);
    };
    const identified = this.#principalOf(request, authenticator);
    if (identified instanceof Promise) identified.then(accept, refuse);
    else if (identified instanceof Error) refuse(identified);
    else accept(identified);
  };

  /** The sender of a request that the hook let pass. Throws an Error for any other request. */
  senderOf(request: FastifyRequest): Sender {
    const sender = this.#senders.get(request);
    if (!sender) throw new Error('The authentication hook did not run for this request.');
    return sender;
  }

  /** The caller, at once or later; the error of a request that has none. */
  #principalOf(
    request: FastifyRequest,
    authenticator: Authenticator,
  ): Principal | Promise<Principal> | Error {
    const { authorization } = request.headers;
    try {
      if (authenticator.challenge === undefined) return authenticator.authenticate(authorization);
      assertSingleAuthorization(request.raw.rawHeaders);
      if (authorization === undefined && this.#needsNoCredentials(request)) return unauthenticatedPrincipal;
      return authenticator.authenticate(authorization);
    } catch (error) {
      return error as Error;
    }
  }

  #needsNoCredentials(request: FastifyRequest): boolean {
    const { production, isAuthenticatedRouter } = this.#options;
    const { method, headers } = request;
    return method === 'OPTIONS' || (!production && opensPage(request)) || isAuthenticatedRouter(headers);
  }
}

/** Parameters in which a GET request can bring an operation. */
const operationParameters = ['query', 'documentId', 'extensions', 'variables', 'operationName'];

/**
 * Whether a browser opens the page of the endpoint. A request with an operation never does: the accept header alone does not
 * decide between the page and a response.
 */
function opensPage({ method, headers, url }: FastifyRequest): boolean {
  if (method !== 'GET' || !(headers.accept ?? '').includes('text/html')) return false;
  const mark = url.indexOf('?');
  const parameters = new URLSearchParams(mark === -1 ? '' : url.slice(mark));
  return !operationParameters.some((name) => parameters.has(name));
}

/** With two headers, a proxy in front could authenticate one caller and this gateway another. */
function assertSingleAuthorization(rawHeaders: readonly string[]): void {
  const count = countOfHeader(rawHeaders, 'authorization');
  if (count <= 1) return;
  throw new GatewayError(
    'UNAUTHENTICATED',
    `A request must have exactly one Authorization header; this one has ${count}. A proxy in between may have added one.`,
  );
}

/** Header by which the router of a federated graph authenticates. */
export const routerSecretHeader = 'x-router-secret';

export interface RouterAuthenticationOptions {
  /** Secret that the router and the gateway share; undefined for none. */
  readonly routerSecret: string | undefined;
  readonly production: boolean;
}

/**
 * Returns a function that tells by its headers whether a request comes from the router. Without a configured secret, every
 * request counts as the router's in development, so that a graph runs at once, and none does in production.
 */
export function routerAuthentication({ routerSecret, production }: RouterAuthenticationOptions) {
  if (!routerSecret) return () => !production;
  const expected = digest(routerSecret);
  return (headers: IncomingHttpHeaders): boolean => {
    const given = headers[routerSecretHeader];
    // Digests have equal lengths, so that the time of the comparison reveals neither the secret nor its length.
    return typeof given === 'string' && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
