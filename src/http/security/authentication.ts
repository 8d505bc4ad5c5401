import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../access/authenticators/authenticator.js';
import type { Principal } from '../../access/principal.js';
import { unauthenticatedPrincipal } from '../../access/principal.js';
import { GatewayError } from '../../errors.js';
import { sendError } from '../errors.js';
import { countOfHeader } from './check-host.js';

export interface AuthenticationOptions {
  /** What tells who asks; asked for anew with each request, as it may be replaced. */
  authenticator(): Authenticator;
  /** Tells by its headers whether a request comes from the router of a federated graph. */
  isFromRouter(headers: IncomingHttpHeaders): boolean;
  /** The same, where a router has to prove it. */
  isAuthenticatedRouter(headers: IncomingHttpHeaders): boolean;
  readonly production: boolean;
}

/** Who sent a request. */
export interface Sender {
  readonly principal: Principal;
  readonly fromRouter: boolean;
}

/**
 * Tells who sends a request before anything of its body is read. Strangers get UNAUTHENTICATED and are told how to prove
 * themselves. Whatever needs no proof of its own goes on as nobody, who may look up nothing: a router that asks for the
 * subgraph, a browser that opens the sandbox page, a preflight.
 */
export class Authentication {
  readonly #options: AuthenticationOptions;
  readonly #senders = new WeakMap<FastifyRequest, Sender>();

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** The hook that answers strangers. */
  readonly onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const fromRouter = this.#options.isFromRouter(request.headers);
    const authenticator = this.#options.authenticator();
    try {
      const principal = await this.#principalOf(request, authenticator);
      this.#senders.set(request, { principal, fromRouter });
      return undefined;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const { challenge } = authenticator;
      if (error.code === 'UNAUTHENTICATED' && challenge) reply.header('www-authenticate', challenge);
      return sendError(error, request, reply);
    }
  };

  /** Who sent a request that the hook let pass. */
  senderOf(request: FastifyRequest): Sender {
    const sender = this.#senders.get(request);
    if (!sender) throw new Error('A request was answered before it was known who sent it.');
    return sender;
  }

  #principalOf(request: FastifyRequest, authenticator: Authenticator): Principal | Promise<Principal> {
    const authorization = authorizationOf(request);
    const isOptional = authenticator.challenge !== undefined && this.#needsNoAuthentication(request);
    return authorization === undefined && isOptional
      ? unauthenticatedPrincipal
      : authenticator.authenticate(authorization);
  }

  #needsNoAuthentication({ method, headers }: FastifyRequest): boolean {
    const { production, isAuthenticatedRouter } = this.#options;
    const opensPage = !production && method === 'GET' && (headers.accept ?? '').includes('text/html');
    return method === 'OPTIONS' || opensPage || isAuthenticatedRouter(headers);
  }
}

/** Two proofs are none: who sends them might be one caller for a proxy in front, and another here. */
function authorizationOf({ headers, raw }: FastifyRequest): string | undefined {
  return countOfHeader(raw.rawHeaders, 'authorization') > 1 ? '' : headers.authorization;
}
