import { productName } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { maskWithin } from '../../mask-text.js';
import { unconvertible } from '../../records/decode.js';
import { type RecordShape, recordTypeOf, recordTypes, unknownKeys } from '../../records/record-types.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';
import type { IdFields } from './attribution.js';

/** Names that are counted at most; a hostile row can hold any number of keys. */
const maxNames = 500;
const keyForm = /^[\w.-]{1,60}$/;

/** The name under which a key of a row is counted and logged: its own, unless it is long, odd or holds a number. */
function loggedKey(key: string): string {
  return keyForm.test(key) && maskWithin(key) === key ? key : '?';
}

/** Counts where Vonage's rows differ from the record types: keys nobody knows, and values that cannot be read. */
export class SchemaDrift {
  readonly #shapes: ReadonlyMap<string, RecordShape>;
  readonly #onNew: (name: string) => void;
  /** Product names by the names of their record types. */
  readonly #products = new Map(
    recordTypes.map(({ recordClass, product }) => [recordClass.name, productName(product)]),
  );
  readonly #counts = new Map<string, number>();

  /**
   * @param shapes shapes of the record types, by type name
   * @param onNew told once of each difference, by name and never by value
   */
  constructor(shapes: ReadonlyMap<string, RecordShape>, onNew: (name: string) => void) {
    this.#shapes = shapes;
    this.#onNew = onNew;
  }

  /** How often each difference was met: `Type.field` for a value, `Type+key` for a key. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The same by product and kind: `unknown_key`, or `value` for one that cannot be converted. */
  *byKind(): Iterable<{ readonly product: string; readonly kind: string; readonly count: number }> {
    for (const [name, count] of this.#counts) {
      const [typeName = ''] = name.split(/[.+]/, 1);
      const kind = name[typeName.length] === '+' ? 'unknown_key' : 'value';
      yield { product: this.#products.get(typeName) ?? 'other', kind, count };
    }
  }

  /** Notes the rows of one answer. */
  record({ product, direction }: RecordLane, rows: Rows): void {
    const shape = this.#shapes.get(recordTypeOf(product, direction)?.recordClass.name ?? '');
    if (!shape) return;
    for (const row of rows) {
      for (const field of unconvertible(row, shape)) this.#count(`${shape.typeName}.${field}`);
      for (const key of unknownKeys(row, shape)) this.#count(`${shape.typeName}+${loggedKey(key)}`);
    }
  }

  #count(name: string): void {
    const known = this.#counts.get(name);
    if (known === undefined && this.#counts.size >= maxNames) return;
    this.#counts.set(name, (known ?? 0) + 1);
    if (known === undefined) this.#onNew(name);
  }
}

/** A lane whose rows carry their ids in a field that the catalogue does not list. */
export interface DriftedIdField {
  readonly lane: RecordLane;
  /** Its name, fit for a log. */
  readonly field: string;
}

/**
 * Remembers for each lane the field that carries its ids, where that is none that the catalogue lists. It keeps one field
 * for each product and direction, since the format of rows does not differ between accounts.
 */
export class IdFieldDrift {
  readonly #fields = new Map<string, string>();
  readonly #onDrift: (drift: DriftedIdField) => void;

  /** @param onDrift called once for each lane */
  constructor(onDrift: (drift: DriftedIdField) => void) {
    this.#onDrift = onDrift;
  }

  /** The fields that can carry the ids of a lane. */
  fieldsOf(lane: RecordLane): IdFields {
    return { known: rulesOf(lane.product).idFields, drifted: this.#fields.get(placeOf(lane)) };
  }

  /** Records the field that named the ids of a response; undefined where the catalogue's fields did. */
  record(lane: RecordLane, field: string | undefined): void {
    if (field === undefined) return;
    const isNew = !this.#fields.has(placeOf(lane));
    this.#fields.set(placeOf(lane), field);
    if (isNew) this.#onDrift({ lane, field: loggedKey(field) });
  }

  /** The fields by product and direction. */
  get fields(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#fields].map(([place, field]) => [place, loggedKey(field)]));
  }
}

function placeOf({ product, direction }: RecordLane): string {
  return `${product}/${direction ?? ''}`;
}
