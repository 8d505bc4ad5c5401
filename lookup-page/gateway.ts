import { type OperationResponse, operationHeaders, readResponse } from '../src/records-client/operations.js';

const tokenKey = 'gateway-token';

/** The caller's token; it lives as long as the tab. */
export const sessionToken = {
  get: (): string => sessionStorage.getItem(tokenKey) ?? '',
  set(token: string): void {
    if (token === '') sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, token);
  },
};

const endpoint = '/graphql';

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
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...operationHeaders(sessionToken.get() || undefined), ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return readResponse(endpoint, response.status, await response.text());
}
