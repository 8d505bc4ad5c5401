/** A response to one operation. */
interface OperationResponse<Data> {
  readonly data: Data | null;
  readonly extensions: { readonly vonage?: unknown };
}

interface ResponseBody<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
  }[];
  readonly extensions?: { readonly vonage?: unknown };
}

/** The gateway did not run an operation. */
export class RefusedOperation extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

const tokenKey = 'gateway-token';

/** The caller's token; it lives as long as the tab. */
export const sessionToken = {
  get: (): string => sessionStorage.getItem(tokenKey) ?? '',
  set(token: string): void {
    if (token === '') sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, token);
  },
};

/**
 * Runs one operation with the caller's token.
 *
 * @throws RefusedOperation when there is no data
 */
export async function runOperation<Data>(
  query: string,
  variables: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<OperationResponse<Data>> {
  const token = sessionToken.get();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data = null, errors = [], extensions = {} } = (await response.json()) as ResponseBody<Data>;
  const [error] = errors;
  if (error && !data)
    throw new RefusedOperation(error.message, error.extensions?.code ?? '', error.extensions?.retryAfterMs);
  return { data, extensions };
}
