import type { Principal } from '../access/principal.js';
import type { Product } from '../catalogue/product.js';
import type { OperationCost } from '../limits/cost/estimate-cost.js';
import type { RecordLoader } from '../operation/record-loader.js';
import type { Plan } from '../retrieval/lookup/lookup-plan.js';
import type { Cost, Look } from '../retrieval/usage-meter.js';

/** What one operation's resolvers share. Apollo copies it shallowly, so it holds references and no private state. */
export interface OperationContext {
  /** Names the operation in logs and errors. */
  readonly requestId: string;
  /** Whether the caller proved to be the router of a federated graph. Default: it is a stranger. */
  readonly fromRouter?: boolean;
  readonly principal: Principal;
  /** Whether the caller may read the schema. Default: it may not. */
  readonly mayIntrospect?: boolean;
  readonly records: RecordLoader;
  readonly rules: LookupRules;
  /**
   * Counts an operation that keeps the limits against what its caller may ask for, before anything is looked up. Throws a
   * GatewayError, or rejects with one, that answers the operation as a whole.
   */
  admit?(operationCost: OperationCost): void | Promise<void>;
  /** What the caller is told about the operation's cost; undefined where it may not see it. */
  report(): CostReport | undefined;
  /** Value of the answer's `Cache-Control` header; undefined for none. */
  cacheControl?(): string | undefined;
  /** Notes that the answer shows an error, and so belongs to this operation alone. */
  noteError?(): void;
  /**
   * How to tell, once the answer is made, whether it may be given again; undefined when it must be made anew each time,
   * as always by default.
   */
  cacheable?(): Cacheable | undefined;
}

/** An answer that may be given again. */
interface Cacheable {
  /** Look-ups that it rests on. */
  readonly lookups: number;
  /** Whether the same operation would have the same answer now. */
  isFresh(): boolean;
}

/** `extensions.vonage` of an answer: what the operation cost, or would cost. */
export type CostReport = (Cost & { readonly explain?: readonly Look[] }) | { readonly plan: Plan };

/** What the operator decided about look-ups. */
export interface LookupRules {
  /** The account that is asked when the caller names none. */
  readonly accountId: string;
  /** Products that a look-up without a product searches, the likeliest first. */
  readonly searchProducts: readonly Product[];
}
