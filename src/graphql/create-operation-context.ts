import { LiveOperation } from '../operation/live-operation.js';
import type { OperationOptions, OperationScope } from '../operation/operation-service.js';
import { PlannedOperation } from '../operation/planned-operation.js';
import type { LookupRules, OperationContext } from './operation-context.js';

export interface ContextOptions extends OperationOptions {
  readonly rules: LookupRules;
}

/** The context of one operation. A dry run is planned where the caller may see what it would cost. */
export function createOperationContext(scope: OperationScope, options: ContextOptions): OperationContext {
  const { requestId, fromRouter, principal, dryRun } = scope;
  const Operation = dryRun && principal.has('explain') ? PlannedOperation : LiveOperation;
  return {
    requestId,
    fromRouter,
    principal,
    mayIntrospect: principal.has('introspect'),
    rules: { ...options.rules, accountId: principal.defaultAccountId ?? options.rules.accountId },
    summary: scope.summary,
    listFaults: [],
    operation: new Operation(scope, options),
  };
}
