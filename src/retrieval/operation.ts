import type { Caller } from '../traffic/caller.js';
import type { CostMeter } from './cost-meter.js';

/** The operation on whose behalf records are looked up: it waits, and it is told what it cost. */
export interface Operation extends Caller {
  readonly meter: CostMeter;
}
