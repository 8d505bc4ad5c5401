import { isUnencrypted } from '../urls.js';

/** A response to one operation. */
export interface OperationResponse<Data> {
  readonly data: Data | null;
  readonly errors: readonly OperationError[];
  readonly extensions: { readonly vonage?: unknown };
}

interface OperationError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
}

/** The gateway did not run an operation, or could not be reached. */
export class RefusedOperation extends Error {
  constructor(
    message: string,
    /** A code of the gateway's errors, or UNREACHABLE. */
    readonly code: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** A longer message of a server that is no gateway would fill the terminal. */
const maxMessageLength = 300;

/** Sends operations to a gateway over HTTP. */
export class GatewayClient {
  readonly #endpoint: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param url origin of the gateway, or its endpoint
   * @param token bearer token; undefined sends none
   * @throws RefusedOperation for a token that would travel unencrypted
   */
  constructor(url: string, token: string | undefined) {
    if (token !== undefined && isUnencrypted(url))
      throw new RefusedOperation(`${url} must be https, since the token would travel unencrypted.`, 'USAGE');
    const { pathname } = new URL(url);
    this.#endpoint = pathname === '/' ? new URL('/graphql', url).href : url;
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
  }

  /**
   * Runs one operation.
   *
   * @param headers further request headers, such as `x-dry-run`
   * @throws RefusedOperation when no result arrives
   */
  async run<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OperationResponse<Data>> {
    const { status, text } = await this.#post(JSON.stringify({ query, variables }), headers);
    const body = parse(text) as Partial<OperationResponse<Data>> | undefined;
    if (!body || typeof body !== 'object' || !('data' in body || 'errors' in body)) {
      const start = text.trim().slice(0, maxMessageLength);
      throw new RefusedOperation(
        `${this.#endpoint} is no GraphQL endpoint: ${status} ${start}`,
        'UNREACHABLE',
      );
    }
    const { data = null, errors = [], extensions = {} } = body;
    const [error] = errors;
    if (error && !data)
      throw new RefusedOperation(
        error.message,
        error.extensions?.code ?? 'INTERNAL_SERVER_ERROR',
        error.extensions?.retryAfterMs,
      );
    return { data, errors, extensions };
  }

  async #post(body: string, headers: Readonly<Record<string, string>>) {
    try {
      const response = await fetch(this.#endpoint, {
        method: 'POST',
        headers: { ...this.#headers, ...headers },
        body,
        redirect: 'error',
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const { cause, message } = error as Error;
      const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
      throw new RefusedOperation(`${this.#endpoint} cannot be reached: ${reason}.`, 'UNREACHABLE');
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
