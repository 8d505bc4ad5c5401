import {
  type GraphQLRequest,
  type GraphQLResponse,
  HeaderMap,
  type HTTPGraphQLRequest,
} from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { ParsedDocuments } from './document-caches.js';
import { type GraphqlHttpRequest, isObject, toApolloRequest } from './graphql-over-http.js';
import type { OperationContext } from './operation-context.js';
import type { ResolvedOperation } from './plugins/operation-hooks.js';
import { TrustedDocuments } from './trusted-documents.js';

interface OperationParts extends Omit<ResolvedOperation, 'request' | 'operationName'> {
  readonly operation: OperationDefinitionNode;
}

/** The fields of a request body that name the operation. */
interface OperationFields {
  readonly query: string;
  readonly variables: Record<string, unknown> | null;
  readonly operationName: string | null;
}

/** A plain operation as hooks see it, until its response is complete. */
export class DirectOperation implements ResolvedOperation {
  readonly contextValue: OperationContext;
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly queryHash: string;
  readonly request: GraphQLRequest;
  readonly response: GraphQLResponse;
  errors: readonly GraphQLError[] | undefined;

  private constructor(parts: OperationParts, request: GraphQLRequest) {
    this.contextValue = parts.contextValue;
    this.schema = parts.schema;
    this.document = parts.document;
    this.operation = parts.operation;
    this.operationName = parts.operation.name?.value ?? null;
    this.queryHash = parts.queryHash;
    this.request = request;
    this.errors = undefined;
    this.response = {
      http: { headers: new HeaderMap() },
      body: { kind: 'single', singleResult: {} },
    };
  }

  /**
   * The operation of a request from a client that posts the text of a valid document; undefined for any other request.
   *
   * @param documents the valid documents
   */
  static of(
    request: GraphqlHttpRequest,
    contextValue: OperationContext,
    schema: GraphQLSchema,
    documents: ParsedDocuments,
  ): DirectOperation | undefined {
    const fields = contextValue.fromRouter ? undefined : fieldsOf(request);
    if (!fields) return undefined;
    const queryHash = TrustedDocuments.hashOf(fields.query);
    const document = documents.find(queryHash);
    const operation = document && getOperationAST(document, fields.operationName);
    if (!operation) return undefined;
    const parts = { contextValue, schema, document, operation, queryHash };
    return new DirectOperation(parts, new DirectRequest(fields, request));
  }

  /** Runs the resolvers. The result has no data if the variables are wrong; then no resolver ran. */
  execute(): ExecutionResult | Promise<ExecutionResult> {
    const { contextValue, schema, document, request } = this;
    const { variables, operationName } = request;
    return execute({ schema, document, contextValue, variableValues: variables, operationName });
  }
}

/** What hooks see of the request. Few of them read its headers. */
class DirectRequest implements GraphQLRequest {
  readonly query: string;
  readonly operationName?: string;
  variables?: Record<string, unknown>;
  readonly #request: GraphqlHttpRequest;

  constructor({ query, variables, operationName }: OperationFields, request: GraphqlHttpRequest) {
    this.query = query;
    if (operationName !== null) this.operationName = operationName;
    if (variables) this.variables = variables;
    this.#request = request;
  }

  get http(): HTTPGraphQLRequest {
    return toApolloRequest(this.#request);
  }
}

/** Undefined for a request with anything that Apollo would have to look at. */
function fieldsOf({ method, body }: GraphqlHttpRequest): OperationFields | undefined {
  if (method !== 'POST' || !isObject(body)) return undefined;
  const { query, variables = null, operationName = null, extensions = null } = body;
  if (typeof query !== 'string' || query === '') return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (extensions !== null && (!isObject(extensions) || extensions.persistedQuery)) return undefined;
  return { query, variables, operationName };
}
