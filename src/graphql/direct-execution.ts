import type { HTTPGraphQLResponse } from '@apollo/server';
import type {
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLError,
  GraphQLFormattedError,
  GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationLimits } from '../limits/operation-limits.js';
import { DirectOperation } from './direct-operation.js';
import type { ParsedDocuments } from './document-caches.js';
import { type GraphqlHttpRequest, serializeResponse } from './graphql-over-http.js';
import type { OperationContext } from './operation-context.js';
import { checkedCost } from './plugins/limits-plugin.js';
import { type OperationHooks, type StartHooks, startAll } from './plugins/operation-hooks.js';

export interface DirectExecutionOptions {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  /** The documents that Apollo has validated. */
  readonly parsedDocuments: ParsedDocuments;
  /** What happens at the steps of each operation, in Apollo's pipeline as well. */
  readonly hooks: readonly StartHooks[];
  /** What clients see of an error. */
  formatError(error: GraphQLError): GraphQLFormattedError;
}

/** Pairs of media types that are remembered; the clients of a gateway send few. */
const maxMediaTypes = 100;

/**
 * Runs plain operations without Apollo's pipeline, which takes a third of the CPU time of a lookup that memory answers.
 * An operation is plain if a client posts it, and if Apollo has validated its document and negotiated its media types before.
 * Where anything is wrong before the first resolver, Apollo runs the operation and writes the error.
 */
export class DirectExecution {
  readonly #options: DirectExecutionOptions;
  /** Content types of responses by the media types of requests, as Apollo negotiated them. */
  readonly #contentTypes = new LRUCache<string, string>({ max: maxMediaTypes });

  constructor(options: DirectExecutionOptions) {
    this.#options = options;
  }

  /** Learns from a response of Apollo which content type such requests get. */
  learn(request: GraphqlHttpRequest, { status = 200, headers, body }: HTTPGraphQLResponse): void {
    const contentType = headers.get('content-type');
    if (request.method !== 'POST' || status !== 200 || body.kind !== 'complete') return;
    if (contentType !== undefined) this.#contentTypes.set(mediaTypesOf(request), contentType);
  }

  /** The response to a plain operation. Undefined for one that Apollo has to run; then no resolver has run. */
  async run(
    request: GraphqlHttpRequest,
    contextValue: OperationContext,
  ): Promise<HTTPGraphQLResponse | undefined> {
    const { schema, parsedDocuments } = this.#options;
    const contentType = this.#contentTypes.get(mediaTypesOf(request));
    const operation = contentType && DirectOperation.of(request, contextValue, schema, parsedDocuments);
    if (!operation) return undefined;
    const hooks = startAll(this.#options.hooks, operation);
    if (!(await this.#isAdmitted(operation, hooks))) return undefined;
    const result = await operation.execute();
    if (result.data === undefined) return undefined;
    this.#complete(operation, result, hooks);
    operation.response.http.headers.set('content-type', contentType);
    return toHttpResponse(operation);
  }

  async #isAdmitted(operation: DirectOperation, hooks: Required<OperationHooks>): Promise<boolean> {
    try {
      hooks.didResolveOperation(operation);
      const cost = checkedCost(operation, this.#options.limits);
      if (cost) await operation.contextValue.operation.admit(cost);
      return true;
    } catch {
      return false;
    }
  }

  #complete(
    operation: DirectOperation,
    { errors, ...result }: ExecutionResult,
    hooks: Required<OperationHooks>,
  ): void {
    const singleResult: FormattedExecutionResult = result;
    if (errors) {
      hooks.didEncounterErrors(Object.assign(operation, { errors }));
      singleResult.errors = errors.map((error) => this.#options.formatError(error));
    }
    operation.response.body = { kind: 'single', singleResult };
    hooks.willSendResponse(operation);
  }
}

function mediaTypesOf({ headers }: GraphqlHttpRequest): string {
  return `${headers['content-type'] ?? ''}\n${headers.accept ?? ''}`;
}

function toHttpResponse({ response: { http, body } }: DirectOperation): HTTPGraphQLResponse {
  if (body.kind !== 'single') throw new Error('A hook replaced the result by an incremental one.');
  const { errors, data, extensions } = body.singleResult;
  const string = serializeResponse({ errors, data, extensions });
  return { ...http, body: { kind: 'complete', string } };
}
