import type { Principal } from '../access/principal.js';
import type { Product } from '../catalogue/product.js';
import type { GatewayError } from '../errors.js';
import type { OperationSummary } from '../operation/operation-report.js';
import type { OperationService } from '../operation/operation-service.js';

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
