import type { Visibility } from '../records/record-mask.js';
import type { Caller } from '../traffic/batching/pending-lookup.js';
import type { CacheDependencies } from './cache/cache-dependencies.js';
import type { LookupResult } from './lookup/lookup-result.js';
import type { CostMeter } from './usage-meter.js';

/** The operation on whose behalf records are looked up: it waits, and it is told what it cost and rests on. */
export interface Operation extends Caller<LookupResult> {
  readonly meter: CostMeter;
  readonly cacheDependencies: CacheDependencies;
  /** What of the records it may see. */
  readonly sees: Visibility;
}
