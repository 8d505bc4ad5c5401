import { createHash } from 'node:crypto';
import { rulesOf } from '../catalogue/products.js';
import type { Clock } from '../clock.js';
import type { UsageRecord } from '../records/base.js';
import type { Decoder } from '../records/decode.js';
import { canonicalJson, publicLookupId } from '../records/global-id.js';
import type { Visibility } from '../records/record-mask.js';
import { type RecordTypeEntry, recordTypeOf } from '../records/record-types.js';
import type { RecordLane, Rows } from './lookup/lanes.js';
import { withoutMessageBody } from './rows-cache.js';

/** Makes records of the rows of a lane. */
export class RowDecoder {
  readonly #decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  readonly #clock: Clock;

  constructor(decoders: ReadonlyMap<RecordTypeEntry, Decoder>, clock: Clock) {
    this.#decoders = decoders;
    this.#clock = clock;
  }

  /**
   * The record of one of the rows that were found together; undefined for a product that has no record type in the lane's
   * direction. A fuller row that was fetched for another operation does not show its text to one that did not select it.
   */
  decode(rows: Rows, place: number, { lane, id, sees }: Finding): UsageRecord | undefined {
    const type = recordTypeOf(lane.product, lane.direction);
    const decode = type && this.#decoders.get(type);
    const row = rows[place] ?? {};
    return decode?.(lane.detail.messageBody ? row : withoutMessageBody(row), {
      rules: rulesOf(lane.product),
      accountId: lane.accountId,
      direction: lane.direction,
      id,
      siblings: rows,
      place,
      nowMs: this.#clock.now(),
      sees,
    });
  }

  /** The record of one of the rows of a page, which no id found. */
  decodeListed(rows: Rows, place: number, lane: RecordLane, sees: Visibility): UsageRecord | undefined {
    const known = publicLookupId(rows[place] ?? {}, rulesOf(lane.product));
    return this.decode(rows, place, { lane, id: known ?? this.#contentId(rows, place, lane), sees });
  }

  /** A row without an id is told apart by what every caller may see of it. No lookup finds it again. */
  #contentId(rows: Rows, place: number, lane: RecordLane): string {
    const sees = { numbers: false, content: false };
    const { raw = {} } = this.decode(rows, place, { lane, id: '', sees }) ?? {};
    return `row-${createHash('sha256').update(canonicalJson(raw)).digest('hex').slice(0, 32)}`;
  }
}

/** How rows were found. */
interface Finding {
  readonly lane: RecordLane;
  /** The id that found them. */
  readonly id: string;
  /** What of them the caller may see. */
  readonly sees: Visibility;
}
