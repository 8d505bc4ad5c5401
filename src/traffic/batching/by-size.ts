import { RoundRobin } from './round-robin.js';

/** Finds the smallest of many things whose sizes change, without looking at each. */
export class BySize<Thing extends { readonly size: number }> {
  /** Those of each size, in the order in which they came to it. */
  readonly #ofSize: (Equals<Thing> | undefined)[] = [];
  /** Nothing is smaller than this. */
  #least = 1;

  /**
   * Takes note of a new size; what has size 0 is forgotten.
   * @param before the size that was noted last; 0 for what is new
   */
  note(thing: Thing, before: number): void {
    this.#forget(thing, before);
    if (thing.size === 0) return;
    const equals = this.#ofSize[thing.size] ?? new Equals();
    this.#ofSize[thing.size] = equals;
    equals.add(thing);
    this.#least = Math.min(this.#least, thing.size);
  }

  #forget(thing: Thing, size: number): void {
    const equals = this.#ofSize[size];
    equals?.delete(thing);
    if (equals?.isEmpty) this.#ofSize[size] = undefined;
  }

  /** The smallest; of equal ones that which has been so for the longest. Undefined when there is none. */
  get smallest(): Thing | undefined {
    for (; this.#least < this.#ofSize.length; this.#least += 1) {
      const first = this.#ofSize[this.#least]?.first;
      if (first) return first;
    }
    return undefined;
  }
}

/** Things of one size. */
class Equals<Thing> {
  readonly #all = new Set<Thing>();
  readonly #oldestFirst = new RoundRobin(this.#all);
  #first: Thing | undefined;

  add(thing: Thing): void {
    this.#all.add(thing);
  }

  delete(thing: Thing): void {
    this.#all.delete(thing);
    if (thing === this.#first) this.#first = undefined;
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** The one that came first of those that are here; undefined when there is none. */
  get first(): Thing | undefined {
    if (this.#all.size > 0) this.#first ??= this.#oldestFirst.next();
    return this.#first;
  }
}
