import { canonicalId } from '../catalogue/vonage-id.js';
import { Bill } from './bill.js';

/** What the look-ups of one operation were billed, by their ids. */
export class Bills {
  readonly #byKey = new Map<string, Bill>();

  /** The bill of an id, whatever its spelling. */
  of(id: string): Bill {
    const key = canonicalId(id);
    const known = this.#byKey.get(key);
    if (known) return known;
    const bill = new Bill();
    this.#byKey.set(key, bill);
    return bill;
  }
}
