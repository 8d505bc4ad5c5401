import { rulesOf } from '../catalogue/products.js';
import type { WireRow } from '../records/wire-row.js';
import type { Batch } from '../traffic/coalescer.js';
import type { Credentials } from '../vonage/credentials.js';
import type { RecordsAnswer } from '../vonage/records-answer.js';
import type { RecordsQuery } from '../vonage/wire.js';
import { attribute } from './attribution.js';
import { orderRows } from './order-rows.js';
import type { RecordLane } from './record-lane.js';

/** The rows of one id; none when Vonage does not know it in that lane. */
export type Rows = readonly WireRow[];

/** What the fetcher needs of a Vonage client. */
export interface RecordsSource {
  recordsByIds(query: RecordsQuery, credentials: Credentials): Promise<RecordsAnswer>;
}

/** Makes the call of one batch and gives each id its rows. */
export class RecordFetcher {
  readonly #source: RecordsSource;
  readonly #credentials: Credentials;
  /** Rows that belonged to no id asked for: a sign that an id matches a field that the catalogue does not name. */
  strayRows = 0;

  constructor(source: RecordsSource, credentials: Credentials) {
    this.#source = source;
    this.#credentials = credentials;
  }

  async fetch(batch: Batch<RecordLane, Rows>): Promise<void> {
    const unanswered = await this.#ask(batch, batch.entries);
    if (batch.entries.length === 1) return settleAsMissing(batch, unanswered);
    await Promise.all(unanswered.map((entry) => this.#askAlone(batch, entry)));
  }

  /** An id that an answer neither returned nor named as missing is asked for once more, where nothing can be mistaken. */
  async #askAlone(batch: Batch<RecordLane, Rows>, entry: Entry): Promise<void> {
    try {
      await batch.turn();
      settleAsMissing(batch, await this.#ask(batch, [entry]));
    } catch (error) {
      batch.settle(entry.key, { error });
    }
  }

  /** Makes one call, settles what it answered, and returns the rest. */
  async #ask(batch: Batch<RecordLane, Rows>, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const query = toQuery(
      batch.lane,
      entries.map((entry) => entry.id),
    );
    const answer = await this.#source.recordsByIds(query, this.#credentials);
    const rules = rulesOf(batch.lane.product);
    const { found, missing, unanswered, strays } = attribute(
      entries.map((entry) => entry.key),
      answer,
      rules.idFields,
    );
    this.strayRows += strays;
    for (const [key, rows] of found) batch.settle(key, { value: orderRows(rows, key, rules) });
    for (const key of missing) batch.settle(key, { value: [] });
    return entries.filter((entry) => unanswered.includes(entry.key));
  }
}

type Entry = Batch<RecordLane, Rows>['entries'][number];

function settleAsMissing(batch: Batch<RecordLane, Rows>, entries: readonly Entry[]): void {
  for (const entry of entries) batch.settle(entry.key, { value: [] });
}

/** In a look-up by id Vonage takes these parameters and no others; `direction` only where the product has one. */
function toQuery(
  { accountId, product, direction, detail }: RecordLane,
  ids: readonly string[],
): RecordsQuery {
  return {
    account_id: accountId,
    product,
    ...(direction !== null && { direction }),
    id: ids.join(','),
    ...(detail.messageBody && { include_message: 'true' }),
    ...(detail.concatenated && { show_concatenated: 'true' }),
  };
}
