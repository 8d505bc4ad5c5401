import { GatewayError } from '../errors.js';
import { LiveOperation } from '../operation/live-operation.js';
import type { OperationOptions, OperationScope, OperationService } from '../operation/operation-service.js';
import { PlannedOperation } from '../operation/planned-operation.js';
import type { LookupRules, OperationContext } from './operation-context.js';

export interface ContextOptions extends OperationOptions {
  readonly rules: LookupRules;
}

/** The context of one operation. A dry run is planned where the caller may see its cost, and rejected where it may not. */
export function createOperationContext(scope: OperationScope, options: ContextOptions): OperationContext {
  const { requestId, fromRouter, principal } = scope;
  return {
    requestId,
    fromRouter,
    principal,
    mayIntrospect: principal.has('introspect'),
    rules: { ...options.rules, accountId: principal.defaultAccountId ?? options.rules.accountId },
    summary: scope.summary,
    listFaults: [],
    operation: operationOf(scope, options),
  };
}

function operationOf(scope: OperationScope, options: ContextOptions): OperationService {
  if (!scope.dryRun) return new LiveOperation(scope, options);
  if (scope.principal.has('explain')) return new PlannedOperation(scope, options);
  const error = new GatewayError(
    'FORBIDDEN',
    'The header x-dry-run takes the scope explain, which this caller lacks. Nothing was looked up.',
  );
  return new LiveOperation(scope, options, { error });
}
