/** A Map or a Set whose members may come and go between two steps. */
interface LiveCollection<Member> {
  values(): Iterator<Member, undefined>;
}

/**
 * Round-robin cursor over a live Map or Set, in insertion order. Keeps one iterator, because a new one would rescan
 * deleted entries each time.
 */
export class RoundRobin<Member> {
  readonly #members: LiveCollection<Member>;
  #iterator: Iterator<Member, undefined>;

  constructor(members: LiveCollection<Member>) {
    this.#members = members;
    this.#iterator = members.values();
  }

  /** The next member, starting over after the last; undefined when the collection is empty. */
  next(): Member | undefined {
    const next = this.#iterator.next();
    if (!next.done) return next.value;
    this.#iterator = this.#members.values();
    return this.#iterator.next().value;
  }
}
