import {
  type CostPlan,
  dryRunHeaders,
  type OperationResponse,
  operationHeaders,
  RefusedOperation,
  readResponse,
} from '../records-client/operations.js';
import { isUnencrypted } from '../urls.js';

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
    this.#headers = operationHeaders(token);
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
    return readResponse(this.#endpoint, status, text);
  }

  /**
   * Finds out what an operation would cost. Nothing is sent to Vonage, and nothing is billed.
   *
   * @throws RefusedOperation for a caller who may not see costs
   */
  async plan(query: string, variables: Readonly<Record<string, unknown>>): Promise<CostPlan> {
    const { extensions } = await this.run(query, variables, dryRunHeaders);
    const plan = extensions.vonage?.plan;
    if (plan) return plan;
    throw new RefusedOperation('The token lacks the scope explain, which --dry-run needs.', 'FORBIDDEN');
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
