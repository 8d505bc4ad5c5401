import type { Visibility } from '../records/record-mask.js';
import type { Caller } from '../traffic/caller.js';
import type { Answer } from './answer.js';
import type { CostMeter } from './cost-meter.js';
import type { Evidence } from './evidence.js';

/** The operation on whose behalf records are looked up: it waits, and it is told what it cost and rests on. */
export interface Operation extends Caller<Answer> {
  readonly meter: CostMeter;
  readonly evidence: Evidence;
  /** What of the records it may see. */
  readonly sees: Visibility;
}
