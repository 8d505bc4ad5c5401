/**
 * Goes round and round through what comes and goes meanwhile, in the order in which it came, and goes on where it stopped:
 * a new iterator would step over everything that has gone, each time.
 */
export class RoundRobin<Thing> {
  readonly #all: { values(): Iterator<Thing, undefined> };
  #round: Iterator<Thing, undefined>;

  constructor(all: { values(): Iterator<Thing, undefined> }) {
    this.#all = all;
    this.#round = all.values();
  }

  /** The next one; undefined when there is none. */
  next(): Thing | undefined {
    const next = this.#round.next();
    if (!next.done) return next.value;
    this.#round = this.#all.values();
    return this.#round.next().value;
  }
}
