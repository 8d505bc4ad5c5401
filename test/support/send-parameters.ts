import type { GraphqlAnswer } from './start-gateway.js';

type Parameters = Readonly<Record<string, unknown>>;

/** Ways to send the parameters of a GraphQL request as they are. */
export const sendParameters = {
  async post(
    url: string,
    parameters: Parameters,
    headers: Record<string, string> = {},
  ): Promise<GraphqlAnswer> {
    return responseOf(
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(parameters),
      }),
    );
  },

  /** Those that are no text go in JSON. */
  async get(
    url: string,
    parameters: Parameters,
    headers: Record<string, string> = {},
  ): Promise<GraphqlAnswer> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters))
      search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    const init = { headers: { 'apollo-require-preflight': '1', ...headers } };
    return responseOf(await fetch(`${url}/graphql?${search}`, init));
  },
};

async function responseOf(response: Response): Promise<GraphqlAnswer> {
  const { data, errors = [], extensions = {} } = (await response.json()) as GraphqlAnswer;
  return { status: response.status, headers: response.headers, data, errors, extensions };
}
