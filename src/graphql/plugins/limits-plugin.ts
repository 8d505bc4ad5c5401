import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { estimateCost } from '../../limits/cost/estimate-cost.js';
import { OperationWithVariables } from '../../limits/cost/operation-with-variables.js';
import { fragmentsOf } from '../../limits/document/document-size.js';
import { assertIsQuery, assertNoIntrospection, assertWithinLimits } from '../../limits/operation-checks.js';
import type { OperationLimits } from '../../limits/operation-limits.js';
import type { OperationContext } from '../operation-context.js';

/**
 * Refuses what depends on the variables or on the caller, before anything is resolved; what is thrown here answers the
 * whole operation. What the document alone decides was found before its validation, which known documents are past.
 */
export function limitsPlugin(limits: OperationLimits): ApolloServerPlugin<OperationContext> {
  const listener: GraphQLRequestListener<OperationContext> = {
    async didResolveOperation({ schema, document, operation, request: { variables = {} }, contextValue }) {
      // Apollo's types promise an operation, but a caller may name one that the document does not hold.
      if (!operation) return;
      assertIsQuery(operation);
      const sent = new OperationWithVariables({
        schema,
        operation,
        fragments: fragmentsOf(document),
        variables,
      });
      if (!contextValue.mayIntrospect) assertNoIntrospection(sent);
      const operationCost = estimateCost(sent);
      assertWithinLimits(operationCost, limits);
      await contextValue.operation.admit(operationCost);
    },
  };
  return { requestDidStart: async () => listener };
}
