import fc from 'fast-check';

/** Makes random decisions. fast-check can shrink each of them to find a short example of a failure. */
export class Chooser {
  readonly #generate: fc.GeneratorValue;

  constructor(generate: fc.GeneratorValue) {
    this.#generate = generate;
  }

  /** An integer from `min` to `max`. */
  int(min: number, max: number): number {
    return this.#generate(fc.integer, { min, max });
  }

  /** True with this probability in percent. Shrinks to false. */
  chance(percent: number): boolean {
    return this.int(0, 99) >= 100 - percent;
  }

  /** One item of a non-empty list. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(0, items.length - 1)] as Item;
  }

  /** A value that the arbitrary generates. */
  take<Value>(arbitrary: fc.Arbitrary<Value>): Value {
    return this.#generate(makerOf(arbitrary)) as Value;
  }
}

type Maker = () => fc.Arbitrary<unknown>;

const makers = new WeakMap<fc.Arbitrary<unknown>, Maker>();

/** Returns one function per arbitrary. fast-check recognizes a decision by the identity of its function. */
function makerOf(arbitrary: fc.Arbitrary<unknown>): Maker {
  const known = makers.get(arbitrary) ?? (() => arbitrary);
  makers.set(arbitrary, known);
  return known;
}
