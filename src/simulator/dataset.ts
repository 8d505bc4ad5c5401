import { canonicalId } from '../catalogue/ids.js';
import type { Direction, Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import type { WireRow } from '../records/base.js';
import type { RecordShape } from '../records/record-shape.js';
import { type RecordTypeEntry, recordTypes } from '../records/record-types.js';
import { relatedRows } from './related-rows.js';
import { makeRow } from './row-maker.js';
import { type SimulatedRow, sampleAccountId, sampleRows } from './sample-rows.js';

export interface DatasetOptions {
  /** Shapes of the record types, by type name. */
  readonly shapes: ReadonlyMap<string, RecordShape>;
  /** Events of each record type, such as calls or messages. Default: 60. */
  readonly eventsPerType?: number;
  /** The same for one product, where it differs. */
  readonly eventsOf?: Readonly<Partial<Record<Product, number>>>;
}

/** Made-up rows of every record type, related as Vonage's are, beside the vendor's samples. */
export class Dataset {
  readonly #rows = new Map<Product, SimulatedRow[]>();
  readonly #byId = new Map<Product, Map<string, SimulatedRow[]>>();

  constructor({ shapes, eventsPerType = 60, eventsOf = {} }: DatasetOptions) {
    for (const sample of sampleRows) this.add(sample);
    for (const type of recordTypes) {
      this.#fill(type, shapes.get(type.recordClass.name), eventsOf[type.product] ?? eventsPerType);
    }
  }

  /** Adds a row, which replaces none. */
  add(added: SimulatedRow): void {
    const { product, row } = added;
    const rows = this.#rows.get(product) ?? [];
    const index = this.#byId.get(product) ?? new Map<string, SimulatedRow[]>();
    rows.push(added);
    this.#rows.set(product, rows);
    this.#byId.set(product, index);
    for (const id of idsOf(row, product)) index.set(id, [...(index.get(id) ?? []), added]);
  }

  /** Removes every row of an id, under all its other ids too. */
  remove(product: Product, id: string): void {
    const index = this.#byId.get(product);
    const removed = new Set(index?.get(canonicalId(id)));
    const cached = (rows: readonly SimulatedRow[]) => rows.filter((each) => !removed.has(each));
    this.#rows.set(product, cached(this.#rows.get(product) ?? []));
    for (const [key, rows] of index ?? []) index?.set(key, cached(rows));
  }

  /** The rows that an id finds; one made for both directions is found in either. */
  find(product: Product, direction: Direction | null, id: string): readonly WireRow[] {
    const rows = this.#byId.get(product)?.get(canonicalId(id)) ?? [];
    return rows.filter((each) => matches(each, direction)).map(({ row }) => row);
  }

  /** All rows of a product, in the order in which they were added. */
  list(product: Product, direction: Direction | null): readonly WireRow[] {
    return (this.#rows.get(product) ?? []).filter((each) => matches(each, direction)).map(({ row }) => row);
  }

  /** Lookup ids of a product's made-up rows, each once. */
  ids(product: Product, direction: Direction | null = null): string[] {
    const [field = 'id'] = rulesOf(product).idFields;
    const ids = this.list(product, direction).map((row) => row[field]);
    return [...new Set(ids.filter((id) => typeof id === 'string'))];
  }

  #fill({ product, direction }: RecordTypeEntry, shape: RecordShape | undefined, events: number): void {
    if (!shape) return;
    for (let index = 0; index < events; index += 1) {
      for (const { given, direction: side } of relatedRows(product, direction, index)) {
        const row = makeRow({ shape, product, direction: side, accountId: sampleAccountId, index, given });
        this.add({ product, direction: side, row });
      }
    }
  }
}

function matches(row: SimulatedRow, direction: Direction | null): boolean {
  return direction === null || row.direction === null || row.direction === direction;
}

function idsOf(row: WireRow, product: Product): Set<string> {
  const ids = rulesOf(product).idFields.map((field) => row[field]);
  return new Set(
    ids.filter((id) => typeof id === 'string' && id !== '').map((id) => canonicalId(id as string)),
  );
}
