import type { SpanContext } from '@opentelemetry/api';
import type { Visibility } from '../records/record-mask.js';
import type { Caller } from '../traffic/batching/pending-lookup.js';
import type { Reservation } from '../traffic/quota/quota-store.js';
import type { CacheDependencies } from './rows-cache.js';
import type { UsageMeter } from './usage-meter.js';

/** The operation on whose behalf records are looked up. */
export interface Operation extends Caller {
  readonly meter: UsageMeter;
  readonly cacheDependencies: CacheDependencies;
  /** What of the records its caller may see. */
  readonly sees: Visibility;
  /** Its span, which calls link to; undefined where it is not traced. */
  readonly spanContext?: SpanContext | undefined;
  /** Holds the caller's daily quota for one lookup; undefined where the caller has no such quota. */
  readonly holdQuota?: (() => QuotaHold) | undefined;
  /**
   * Reserves records of the caller's daily quota before a page is asked for; undefined where the caller has no such quota.
   * Throws RATE_LIMITED, or rejects with it, when fewer are left.
   */
  readonly reserveRecords?: ((records: number) => Reservation | Promise<Reservation>) | undefined;
}

/** The caller's daily quota during one lookup. Nothing is reserved before a call is really needed. */
export interface QuotaHold {
  /** Reserves a record, unless the lookup holds one already. Throws RATE_LIMITED, or rejects with it, when none is left. */
  open(): Promise<void>;
  /** Tells what a lane that was opened was billed. */
  close(records: number): void;
  /** Tells that no further lane is opened. The reservation is settled once every open lane is closed. */
  end(): void;
}
