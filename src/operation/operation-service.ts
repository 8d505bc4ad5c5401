import type { SpanContext } from '@opentelemetry/api';
import type { Principal } from '../access/principal.js';
import type { Direction, Product } from '../catalogue/product.js';
import type { Clock } from '../clock.js';
import type { GatewayError } from '../errors.js';
import type { OperationCost } from '../limits/estimate-cost.js';
import type { UsageRecord } from '../records/base.js';
import type { Detail, SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Plan } from '../retrieval/lookup/lookup-plan.js';
import type { PageStart } from '../retrieval/pages/page.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import type { Records } from '../retrieval/record-store.js';
import type { LookupTrace, Usage } from '../retrieval/usage-meter.js';
import type { CallerQuota } from './caller-quota.js';
import type { OperationSpending, OperationSummary } from './operation-report.js';

/** The client of an operation, and how it asked. */
export interface OperationScope {
  readonly requestId: string;
  readonly principal: Principal;
  /** Whether the router of a federated graph sent the operation. */
  readonly fromRouter: boolean;
  /** Its span, which calls link to; undefined where it is not traced. */
  readonly spanContext?: SpanContext | undefined;
  /** Aborted when the client has gone or the operation's time is up. Can be made when it is first read. */
  readonly signal: AbortSignal;
  /** When the operation's time is up, in epoch milliseconds. */
  readonly deadlineAtMs: number;
  /** Plan the operation and look nothing up. */
  readonly dryRun: boolean;
  /** Show where each id was looked for. */
  readonly explain: boolean;
  /** Filled in while the operation runs. */
  readonly summary: OperationSummary;
  /** Error with which the operation was rejected before, such as by the caller's quota; the quota is not asked again. */
  readonly rejection?: { readonly error: unknown } | undefined;
}

export interface OperationOptions {
  readonly clock: Clock;
  /** The engine that asks for an account on behalf of a caller. Throws BAD_USER_INPUT when there is no key for it. */
  engineOf(accountId: string, principal: Principal): RecordEngine;
  /** What holds a caller to its limits. */
  quotaOf(principal: Principal): CallerQuota;
  /** Milliseconds for which clients can keep a response of final records. */
  readonly finalMaxAgeMs: number;
  /** Longest window of a list, in days. */
  readonly maxRangeDays: number;
}

/** Where the ids of one field are looked for. The ids of a field share one object, so that it is prepared once. */
export interface TargetScope {
  readonly accountId: string;
  readonly products: readonly Product[];
  readonly direction: Direction | null;
}

/** One id to find. */
export interface Target {
  readonly id: string;
  /** The global id that was asked for; null for a Vonage id, which can have several records. */
  readonly globalId: string | null;
  readonly scope: TargetScope;
}

/** Which records a field lists. */
export interface ListTarget {
  readonly accountId: string;
  readonly product: Product;
  readonly direction: Direction | null;
  /** Begin of the window in epoch milliseconds, inclusive. */
  readonly sinceMs: number;
  /** End of the window in epoch milliseconds, exclusive; undefined for the newest end. */
  readonly untilMs: number | undefined;
  /** Wire names and values, by name. */
  readonly filters: readonly (readonly [name: string, value: string])[];
  /** The page in which the list goes on; null for the first one. */
  readonly start: PageStart | null;
  /** Detail of the rows that the list began with; undefined for a list that begins. */
  readonly detail: Detail | undefined;
  /** Records of that page to leave out. */
  readonly offset: number;
  /** Records at most. */
  readonly first: number;
}

/** Some records of one page. */
export interface RecordList {
  /** Those that the caller may see, with their places in the page. */
  readonly records: readonly ListedRecord[];
  /** End of the window that Vonage was asked for, in epoch milliseconds. */
  readonly untilMs: number;
  /** Detail of the rows, which every page of the list has. */
  readonly detail: Detail;
  /** The place in the page behind the last of them. */
  readonly endOffset: number;
  /** Records of the whole page. */
  readonly pageLength: number;
  /** Where the next page begins; null for the last page. */
  readonly next: PageStart | null;
  /** Why records of the page are missing; undefined unless they would be in this list. */
  readonly fault: GatewayError | undefined;
}

export interface ListedRecord {
  readonly record: UsageRecord;
  /** Place in the page, from 0 up. */
  readonly offset: number;
}

/** `extensions.vonage` of a response: what the operation cost, or would cost. */
export type UsageReport = (Usage & { readonly explain?: readonly LookupTrace[] }) | { readonly plan: Plan };

/** A response that can be sent again. */
export interface CacheableResponse {
  /** Ids that each repetition counts against the caller's rate. */
  readonly ids: number;
  /** Lookups that it rests on. */
  readonly lookups: number;
  /** Records that each repetition shows without a call, by product. */
  readonly savedRecords: ReadonlyMap<Product, number>;
  /** Whether the same operation would have the same response now. */
  isFresh(): boolean;
}

/** What one operation can do: every path to a record leads through it. */
export interface OperationService {
  /** Counts the operation's ids against the caller's rate, before anything is looked up. Throws or rejects with RATE_LIMITED. */
  admit(cost: OperationCost): void | Promise<void>;
  /** Counts an operation against the caller's rate that was rejected before its ids were known. */
  chargeRejection(): void;
  /**
   * Every record of a target that the caller may see, or the one row that its global id names: at once where memory knows
   * them, else a promise. Throws FORBIDDEN, or rejects with it, for what the caller may not read.
   */
  find(target: Target, content: SelectedContent): Records | Promise<Records>;
  /**
   * Records of one page of a list. Rejects with FORBIDDEN for what the caller may not list, and with BAD_USER_INPUT for a
   * window that is not open yet.
   */
  list(target: ListTarget, content: SelectedContent): Promise<RecordList>;
  /** What the caller is told about the operation's cost; undefined where it may not see it. */
  usageReport(): UsageReport | undefined;
  /** What the operation has asked for and cost so far. */
  spending(): OperationSpending;
  /** Value of the response's `Cache-Control` header; undefined for none. */
  cacheControl(): string | undefined;
  /** Tells that the response shows an error, so that it belongs to this operation alone. */
  markUncacheable(): void;
  /** Whether the finished response can be sent again; undefined when each response must be made anew. */
  cacheable(): CacheableResponse | undefined;
}
