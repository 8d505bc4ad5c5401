import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticator.js';
import { nobody } from '../access/nobody.js';
import type { Principal } from '../access/principal.js';
import { errorCatalogue, GatewayError } from '../errors.js';
import { errorBody } from './error-body.js';
import { routerSecretHeader } from './router-proof.js';

export interface AuthenticationOptions {
  /** What tells who asks; asked for anew with each request, as it may be replaced. */
  authenticator(): Authenticator;
  /** Tells by its headers whether a request comes from the router of a federated graph. */
  isFromRouter(headers: IncomingHttpHeaders): boolean;
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
      const principal = await this.#principalOf(request, fromRouter, authenticator);
      this.#senders.set(request, { principal, fromRouter });
      return undefined;
    } catch (error) {
      if (error instanceof GatewayError) return refuse(error, request, reply, authenticator);
      throw error;
    }
  };

  /** Who sent a request that the hook let pass. */
  senderOf(request: FastifyRequest): Sender {
    const sender = this.#senders.get(request);
    if (!sender) throw new Error('A request was answered before it was known who sent it.');
    return sender;
  }

  #principalOf(
    { method, headers }: FastifyRequest,
    fromRouter: boolean,
    authenticator: Authenticator,
  ): Principal | Promise<Principal> {
    const { authorization, accept = '' } = headers;
    const isRouter = fromRouter && headers[routerSecretHeader] !== undefined;
    const opensPage = !this.#options.production && method === 'GET' && accept.includes('text/html');
    const needsNoProof = (isRouter || opensPage) && authorization === undefined;
    if (method === 'OPTIONS' || (needsNoProof && authenticator.challenge !== undefined)) return nobody;
    return authenticator.authenticate(authorization);
  }
}

function refuse(
  { code, message, retryAfterMs }: GatewayError,
  { id }: FastifyRequest,
  reply: FastifyReply,
  { challenge }: Authenticator,
): FastifyReply {
  if (code === 'UNAUTHENTICATED' && challenge) reply.header('www-authenticate', challenge);
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  return reply
    .code(errorCatalogue[code].httpStatus)
    .type('application/json; charset=utf-8')
    .send(errorBody(code, message, id));
}
