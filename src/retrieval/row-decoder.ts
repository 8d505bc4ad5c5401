import { createHash } from 'node:crypto';
import { isVonageId } from '../catalogue/ids.js';
import { rulesOf } from '../catalogue/products.js';
import type { Clock } from '../clock.js';
import type { UsageRecord, WireRow } from '../records/base.js';
import type { Decoder } from '../records/decode.js';
import type { Visibility } from '../records/record-mask.js';
import { type RecordTypeEntry, recordTypeOf } from '../records/record-types.js';
import { withoutMessageBody } from './cache/rows-cache.js';
import type { RecordLane } from './lookup/lanes.js';

/** Makes records of the rows of a lane. */
export class RowDecoder {
  readonly #decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  readonly #clock: Clock;

  constructor(decoders: ReadonlyMap<RecordTypeEntry, Decoder>, clock: Clock) {
    this.#decoders = decoders;
    this.#clock = clock;
  }

  /**
   * The record of a row; undefined for a product that has no record type in the lane's direction. A fuller row that was
   * fetched for another operation does not show its text to one that did not select it.
   *
   * @param id the id that found the row
   */
  decode(row: WireRow, lane: RecordLane, id: string, sees: Visibility): UsageRecord | undefined {
    const type = recordTypeOf(lane.product, lane.direction);
    const decode = type && this.#decoders.get(type);
    return decode?.(lane.detail.messageBody ? row : withoutMessageBody(row), {
      rules: rulesOf(lane.product),
      accountId: lane.accountId,
      direction: lane.direction,
      id,
      nowMs: this.#clock.now(),
      sees,
    });
  }

  /** The record of a row that no id found. */
  decodeListed(row: WireRow, lane: RecordLane, sees: Visibility): UsageRecord | undefined {
    return this.decode(row, lane, idOfRow(row, rulesOf(lane.product).idFields), sees);
  }
}

/** A row without an id is told apart by its content. No lookup finds it again. */
function idOfRow(row: WireRow, idFields: readonly string[]): string {
  for (const field of idFields) {
    const value = Object.hasOwn(row, field) ? row[field] : undefined;
    if (typeof value === 'string' && isVonageId(value.trim())) return value.trim();
  }
  return `row-${createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 32)}`;
}
