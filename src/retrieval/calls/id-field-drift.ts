import { rulesOf } from '../../catalogue/products.js';
import type { RecordLane } from '../lookup/lanes.js';
import type { IdFields } from './attribution.js';
import { loggedKey } from './schema-drift.js';

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
