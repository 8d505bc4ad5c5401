import fc from 'fast-check';

/** Makes one random decision after the other; each can be made smaller when a short example of a failure is looked for. */
export class Chooser {
  readonly #generate: fc.GeneratorValue;

  constructor(generate: fc.GeneratorValue) {
    this.#generate = generate;
  }

  /** A whole number from `min` to `max`. */
  int(min: number, max: number): number {
    return this.#generate(fc.integer, { min, max });
  }

  /** True in so many of a hundred cases; false in the smallest example. */
  chance(percent: number): boolean {
    return this.int(0, 99) >= 100 - percent;
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(0, items.length - 1)] as Item;
  }

  /** A value of an arbitrary. */
  take<Value>(arbitrary: fc.Arbitrary<Value>): Value {
    return this.#generate(makerOf(arbitrary)) as Value;
  }
}

type Maker = () => fc.Arbitrary<unknown>;

const makers = new WeakMap<fc.Arbitrary<unknown>, Maker>();

/** The same function for the same arbitrary: by it a decision is known again. */
function makerOf(arbitrary: fc.Arbitrary<unknown>): Maker {
  const known = makers.get(arbitrary) ?? (() => arbitrary);
  makers.set(arbitrary, known);
  return known;
}
