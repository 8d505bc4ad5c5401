import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { unauthenticatedPrincipal } from '../../access/principal.js';
import { estimateCost } from '../../limits/cost/estimate-cost.js';
import { OperationWithVariables } from '../../limits/cost/operation-with-variables.js';
import { fragmentsOf } from '../../limits/document/document-size.js';
import {
  assertIsQuery,
  assertNeedsNoCredentials,
  assertNoIntrospection,
  assertWithinLimits,
} from '../../limits/operation-checks.js';
import type { OperationLimits } from '../../limits/operation-limits.js';
import type { OperationContext } from '../operation-context.js';

/**
 * Checks each operation against what depends on its variables and its caller, before any resolver runs. An error that is
 * thrown here rejects the whole operation. A validation rule checks what depends on the document alone.
 */
export function limitsPlugin(limits: OperationLimits): ApolloServerPlugin<OperationContext> {
  const listener: GraphQLRequestListener<OperationContext> = {
    async didResolveOperation({ schema, document, operation, request: { variables = {} }, contextValue }) {
      // Undefined, against Apollo's types, when the client names an operation that the document lacks.
      if (!operation) return;
      assertIsQuery(operation);
      const withVariables = new OperationWithVariables({
        schema,
        operation,
        fragments: fragmentsOf(document),
        variables,
      });
      if (contextValue.principal === unauthenticatedPrincipal) assertNeedsNoCredentials(withVariables);
      if (!contextValue.mayIntrospect) assertNoIntrospection(withVariables);
      const operationCost = estimateCost(withVariables);
      assertWithinLimits(operationCost, limits);
      await contextValue.operation.admit(operationCost);
    },
  };
  return { requestDidStart: async () => listener };
}
