import type { ApolloServerPlugin, GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { unauthenticatedPrincipal } from '../../access/principal.js';
import { estimateCost, type OperationCost } from '../../limits/cost/estimate-cost.js';
import { OperationWithVariables } from '../../limits/cost/operation-with-variables.js';
import { fragmentsOf } from '../../limits/document/document-size.js';
import {
  assertFewLists,
  assertIsQuery,
  assertNeedsNoCredentials,
  assertNoIntrospection,
  assertWithinLimits,
} from '../../limits/operation-checks.js';
import type { OperationLimits } from '../../limits/operation-limits.js';
import type { OperationContext } from '../operation-context.js';

type ResolvedOperation = GraphQLRequestContextDidResolveOperation<OperationContext>;

/**
 * Checks each operation against what depends on its variables and its caller, before any resolver runs. An error that is
 * thrown here rejects the whole operation. A validation rule checks what depends on the document alone.
 *
 * Every operation counts against its caller's rate: one that is rejected before its ids are known counts as one id.
 */
export function limitsPlugin(limits: OperationLimits): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      let isCounted = false;
      return {
        async didResolveOperation(request) {
          const operationCost = checkedCost(request, limits);
          if (!operationCost) return;
          isCounted = true;
          await request.contextValue.operation.admit(operationCost);
        },
        async willSendResponse({ contextValue }) {
          if (!isCounted) contextValue.operation.chargeRejection();
        },
      };
    },
  };
}

/** The cost of an operation within the limits; undefined, against Apollo's types, when the document lacks the named operation. */
function checkedCost(request: ResolvedOperation, limits: OperationLimits): OperationCost | undefined {
  const { schema, document, operation, contextValue } = request;
  if (!operation) return undefined;
  assertIsQuery(operation);
  const { variables = {} } = request.request;
  const fragments = fragmentsOf(document);
  const withVariables = new OperationWithVariables({ schema, operation, fragments, variables });
  if (contextValue.principal === unauthenticatedPrincipal) assertNeedsNoCredentials(withVariables);
  if (!contextValue.mayIntrospect) assertNoIntrospection(withVariables);
  assertFewLists(withVariables);
  const operationCost = estimateCost(withVariables);
  assertWithinLimits(operationCost, limits);
  return operationCost;
}
