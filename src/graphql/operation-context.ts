import type { Principal } from '../access/principal.js';
import type { Product } from '../catalogue/product.js';
import { GatewayError } from '../errors.js';
import { LiveOperation } from '../operation/live-operation.js';
import type { OperationSummary } from '../operation/operation-report.js';
import type { OperationOptions, OperationScope, OperationService } from '../operation/operation-service.js';
import { PlannedOperation } from '../operation/planned-operation.js';

/** What the resolvers and plugins of one operation share. Apollo copies it shallowly, so it is data. */
export interface OperationContext {
  /** Names the operation in logs and errors. */
  readonly requestId: string;
  /** Whether the router of a federated graph sent the operation. Default: false. */
  readonly fromRouter?: boolean;
  readonly principal: Principal;
  /** Whether the caller may read the schema. Default: false. */
  readonly mayIntrospect?: boolean;
  readonly rules: LookupRules;
  /** What the plugins tell the access log and the metrics. Default: nothing. */
  readonly summary?: OperationSummary;
  /** Why lists lack records although they have data; the response shows them as errors. Default: none can be told. */
  readonly listFaults?: ListFault[];
  /** What the operation can do. */
  readonly operation: OperationService;
}

/** An error beside the data of its field. */
interface ListFault {
  readonly error: GatewayError;
  readonly path: readonly (string | number)[];
}

/** What the operator decided about lookups. */
export interface LookupRules {
  /** The account that is searched when the caller names none. */
  readonly accountId: string;
  /** Products that a lookup without a product searches, the likeliest first. */
  readonly searchProducts: readonly Product[];
}

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
