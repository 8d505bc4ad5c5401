import { canonicalId } from '../catalogue/ids.js';
import type { Direction, Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import type { WireRow } from '../records/base.js';
import { parseVonageTime } from '../records/convert.js';
import {
  type RecordShape,
  type RecordTypeEntry,
  recordTypeOf,
  recordTypes,
} from '../records/record-types.js';
import { relatedRows } from './related-rows.js';
import { makeRow, seededInt } from './row-maker.js';
import { type SimulatedRow, sampleAccountId, sampleRows } from './sample-rows.js';

export interface DatasetOptions {
  /** Shapes of the record types, by type name. */
  readonly shapes: ReadonlyMap<string, RecordShape>;
  /** Events of each record type, such as calls or messages. Default: 60. */
  readonly eventsPerType?: number;
  /** The same for one product, where it differs. */
  readonly eventsOf?: Readonly<Partial<Record<Product, number>>>;
}

/** A row as the dataset holds it. */
export interface StoredRow extends SimulatedRow {
  /** Place in the order in which rows were added. */
  readonly rank: number;
  /** The moment that a range of dates is compared with; NaN where the product or the row has none. */
  readonly momentMs: number;
}

/** When the first made-up event of every record type happened; each later one happens a minute after. */
const firstMomentMs = Date.UTC(2026, 0, 5, 8);

/** Made-up rows of every record type, related as Vonage's are, beside the vendor's samples. */
export class Dataset {
  readonly #shapes: DatasetOptions['shapes'];
  readonly #rows = new Map<Product, StoredRow[]>();
  readonly #byId = new Map<Product, Map<string, StoredRow[]>>();
  #nextRank = 0;

  constructor({ shapes, eventsPerType = 60, eventsOf = {} }: DatasetOptions) {
    this.#shapes = shapes;
    for (const sample of sampleRows) this.add(sample);
    for (const type of recordTypes) {
      this.#fill(type, eventsOf[type.product] ?? eventsPerType);
    }
  }

  /** Adds a row, which replaces none. */
  add(added: SimulatedRow): void {
    const { product, row } = added;
    const rows = this.#rows.get(product) ?? [];
    const index = this.#byId.get(product) ?? new Map<string, StoredRow[]>();
    const stored = { ...added, rank: this.#nextRank, momentMs: momentOf(row, product) };
    this.#nextRank += 1;
    rows.push(stored);
    this.#rows.set(product, rows);
    this.#byId.set(product, index);
    for (const id of idsOf(row, product)) index.set(id, [...(index.get(id) ?? []), stored]);
  }

  /**
   * Adds the rows of a day, the same in every run, and returns them in the order of a query by date. Throws TypeError
   * for a product and direction without a record type.
   */
  addDay(day: DayOfRows): readonly WireRow[] {
    const shape = this.#shapes.get(recordTypeOf(day.product, day.direction)?.recordClass.name ?? '');
    if (!shape) throw new TypeError(`Expected a record type, got: ${day.product} ${day.direction}`);
    const rows = rowsOfDay(day, shape);
    for (const row of rows) this.add(row);
    return rows.map(({ row }) => row);
  }

  /** Removes every row of an id, under all its other ids too. */
  remove(product: Product, id: string): void {
    const index = this.#byId.get(product);
    const removed = new Set(index?.get(canonicalId(id)));
    const remaining = (rows: readonly StoredRow[]) => rows.filter((each) => !removed.has(each));
    this.#rows.set(product, remaining(this.#rows.get(product) ?? []));
    for (const [key, rows] of index ?? []) index?.set(key, remaining(rows));
  }

  /** The rows that an id finds; one made for both directions is found in either. */
  find(product: Product, direction: Direction | null, id: string): readonly WireRow[] {
    const rows = this.#byId.get(product)?.get(canonicalId(id)) ?? [];
    return rows.filter((each) => matches(each, direction)).map(({ row }) => row);
  }

  /** All rows of a product, in the order in which they were added. */
  list(product: Product, direction: Direction | null): readonly WireRow[] {
    return this.stored(product, direction).map(({ row }) => row);
  }

  /** What `list` returns, with the rank and the moment of each row. */
  stored(product: Product, direction: Direction | null): readonly StoredRow[] {
    return (this.#rows.get(product) ?? []).filter((each) => matches(each, direction));
  }

  /** Lookup ids of a product's made-up rows, each once. */
  ids(product: Product, direction: Direction | null = null): string[] {
    const [field = 'id'] = rulesOf(product).idFields;
    const ids = this.list(product, direction).map((row) => row[field]);
    return [...new Set(ids.filter((id) => typeof id === 'string'))];
  }

  #fill({ product, direction, recordClass }: RecordTypeEntry, events: number): void {
    const shape = this.#shapes.get(recordClass.name);
    if (!shape) return;
    for (let index = 0; index < events; index += 1) {
      const event = {
        shape,
        product,
        accountId: sampleAccountId,
        index,
        atMs: firstMomentMs + index * 60_000,
      };
      for (const { given, direction: side } of relatedRows(product, direction, index)) {
        this.add({ product, direction: side, row: makeRow({ ...event, direction: side, given }) });
      }
    }
  }
}

function matches(row: SimulatedRow, direction: Direction | null): boolean {
  return direction === null || row.direction === null || row.direction === direction;
}

function momentOf(row: WireRow, product: Product): number {
  const { dateField } = rulesOf(product);
  return parseVonageTime(String(row[dateField ?? '']))?.getTime() ?? Number.NaN;
}

function idsOf(row: WireRow, product: Product): Set<string> {
  const ids = rulesOf(product).idFields.map((field) => row[field]);
  return new Set(
    ids.filter((id) => typeof id === 'string' && id !== '').map((id) => canonicalId(id as string)),
  );
}

/** Which rows to make up for one day. */
interface DayOfRows {
  readonly product: Product;
  /** The direction of the record type; null for products whose calls need none. */
  readonly direction: Direction | null;
  /** The day in UTC, such as `2026-01-05`. */
  readonly day: string;
  /** Number of rows. */
  readonly count: number;
  /** Default: the account of the samples. */
  readonly accountId?: string;
  /** Values of every row, by wire name, in place of made-up ones. */
  readonly values?: WireRow;
}

const dayMs = 24 * 60 * 60 * 1000;
/** More than the rows of one day, so that two days share no index, and with it no id. */
const indexesPerDay = 10_000_000;

/**
 * Makes up the rows of a day, the same in every run. They come in no order of time, because Vonage documents none; the
 * last minute has no event, so that every time of a row is on the day.
 */
function rowsOfDay(
  { product, direction, day, count, accountId = sampleAccountId, values = {} }: DayOfRows,
  shape: RecordShape,
): readonly SimulatedRow[] {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const firstIndex = (startMs / dayMs) * indexesPerDay;
  const rows: SimulatedRow[] = [];
  for (let index = firstIndex; rows.length < count; index += 1) {
    const atMs = startMs + seededInt(dayMs - 60_000, product, direction ?? '', index);
    for (const { given, direction: side } of relatedRows(product, direction, index)) {
      const row = makeRow({ shape, product, direction: side, accountId, index, atMs, given });
      rows.push({ product, direction: side, row: { ...row, ...values } });
    }
  }
  return rows.slice(0, count);
}
