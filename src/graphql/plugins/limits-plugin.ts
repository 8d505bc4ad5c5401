import type { ApolloServerPlugin } from '@apollo/server';
import { unauthenticatedPrincipal } from '../../access/principal.js';
import { fragmentsOf } from '../../limits/document-size.js';
import { estimateCost, type OperationCost } from '../../limits/estimate-cost.js';
import {
  assertFewLists,
  assertIsQuery,
  assertNeedsNoCredentials,
  assertNoIntrospection,
  assertWithinLimits,
} from '../../limits/operation-checks.js';
import type { OperationLimits } from '../../limits/operation-limits.js';
import { OperationWithVariables } from '../../limits/operation-with-variables.js';
import type { OperationContext } from '../operation-context.js';
import type { ResolvedOperation } from './operation-hooks.js';

/**
 * Admits each operation, or rejects it as a whole with the error that is thrown.
 *
 * Every operation counts against its caller's rate: one that is rejected before its ids are known counts as one id.
 */
export function limitsPlugin(limits: OperationLimits): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart() {
      let isCounted = false;
      return {
        async didResolveOperation(operation) {
          const cost = checkedCost(operation, limits);
          if (!cost) return;
          isCounted = true;
          await operation.contextValue.operation.admit(cost);
        },
        async willSendResponse({ contextValue }) {
          if (!isCounted) contextValue.operation.chargeRejection();
        },
      };
    },
  };
}

/**
 * Checks an operation against what depends on its variables and its caller, before any resolver runs. A validation rule
 * checks what depends on the document alone. Throws the error that rejects the operation.
 *
 * @returns the cost within the limits; undefined when the document lacks the named operation
 */
export function checkedCost(request: ResolvedOperation, limits: OperationLimits): OperationCost | undefined {
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
