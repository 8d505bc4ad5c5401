import type { ApolloServerPlugin, GraphQLRequest, GraphQLResponse } from '@apollo/server';
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { OperationContext } from '../operation-context.js';

/** An operation as hooks see it: what Apollo's pipeline and direct execution both know of it. */
export interface HookedOperation {
  readonly contextValue: OperationContext;
  readonly request: GraphQLRequest;
  readonly schema: GraphQLSchema;
}

/** An operation whose document is valid. */
export interface ResolvedOperation extends HookedOperation {
  readonly document: DocumentNode;
  /** Undefined, against Apollo's types, when the document lacks the named operation. */
  readonly operation?: OperationDefinitionNode | undefined;
  readonly operationName: string | null;
  readonly queryHash: string;
}

interface FailedOperation extends HookedOperation {
  readonly errors: readonly GraphQLError[];
}

interface AnsweredOperation extends HookedOperation {
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly response: GraphQLResponse;
}

/** What the gateway does at the steps of one operation. Each step happens at once. */
export interface OperationHooks {
  didResolveOperation?(operation: ResolvedOperation): void;
  didEncounterErrors?(operation: FailedOperation): void;
  willSendResponse?(operation: AnsweredOperation): void;
}

/** Returns the hooks of one operation; undefined for an operation that needs none. */
export type StartHooks = (operation: HookedOperation) => OperationHooks | undefined;

/** The hooks of one operation, which run one after another. */
export function startAll(
  starts: readonly StartHooks[],
  operation: HookedOperation,
): Required<OperationHooks> {
  const all: OperationHooks[] = [];
  for (const start of starts) {
    const hooks = start(operation);
    if (hooks) all.push(hooks);
  }
  return {
    didResolveOperation(resolved) {
      for (const hooks of all) hooks.didResolveOperation?.(resolved);
    },
    didEncounterErrors(failed) {
      for (const hooks of all) hooks.didEncounterErrors?.(failed);
    },
    willSendResponse(answered) {
      for (const hooks of all) hooks.willSendResponse?.(answered);
    },
  };
}

/** Makes one plugin of many hooks. Apollo waits for each hook of each plugin, which cost more than most hooks themselves. */
export function pluginOf(starts: readonly StartHooks[]): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart(request) {
      const hooks = startAll(starts, request);
      return {
        async didResolveOperation(resolved) {
          hooks.didResolveOperation(resolved);
        },
        async didEncounterErrors(failed) {
          hooks.didEncounterErrors(failed);
        },
        async willSendResponse(answered) {
          hooks.willSendResponse(answered);
        },
      };
    },
  };
}
