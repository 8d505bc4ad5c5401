import { rulesOf } from '../catalogue/products.js';
import { canonicalId } from '../catalogue/vonage-id.js';
import type { Clock } from '../clock.js';
import type { Decoder } from '../records/decode.js';
import { type RecordTypeEntry, recordTypeOf } from '../records/record-types.js';
import type { UsageRecord } from '../records/usage-record.js';
import type { WireRow } from '../records/wire-row.js';
import type { Caller } from '../traffic/caller.js';
import type { LookUp } from '../traffic/coalescer.js';
import { candidateLanes } from './candidate-lanes.js';
import type { Rows } from './record-fetcher.js';
import type { RecordLane } from './record-lane.js';
import type { RecordRequest } from './record-request.js';
import { search } from './search.js';

export interface RecordStoreOptions {
  readonly clock: Clock;
  readonly decoders: ReadonlyMap<RecordTypeEntry, Decoder>;
  /** Gets the rows of one id in one lane. */
  load(lookUp: LookUp<RecordLane>, caller: Caller): Promise<Rows>;
}

/** Finds records. */
export class RecordStore {
  readonly #options: RecordStoreOptions;

  constructor(options: RecordStoreOptions) {
    this.#options = options;
  }

  /** Every record of an id; none when no lane that was asked knows it. Rejects with a GatewayError when none could tell. */
  async find(request: RecordRequest, caller: Caller): Promise<readonly UsageRecord[]> {
    const key = canonicalId(request.id);
    const hit = await search(candidateLanes(request), (lane) =>
      this.#options.load({ lane, id: request.id, key }, caller),
    );
    return hit ? hit.rows.flatMap((row) => this.#decode(row, hit.lane, request.id) ?? []) : [];
  }

  #decode(row: WireRow, lane: RecordLane, id: string): UsageRecord | undefined {
    const type = recordTypeOf(lane.product, lane.direction);
    const decode = type && this.#options.decoders.get(type);
    return decode?.(visiblePart(row, lane), {
      rules: rulesOf(lane.product),
      accountId: lane.accountId,
      direction: lane.direction,
      id,
      nowMs: this.#options.clock.now(),
    });
  }
}

/** A fuller row that was fetched for somebody else must not show its text to one who did not select it. */
function visiblePart(row: WireRow, { detail }: RecordLane): WireRow {
  if (detail.messageBody || !Object.hasOwn(row, 'message_body')) return row;
  const { message_body: _text, ...visible } = row;
  return visible;
}
