import fc from 'fast-check';

/** Takes one random decision after the other; each of them is made smaller when a failure is looked for a short example. */
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

  /** A value of an arbitrary, which must be the same function each time. */
  take<Value>(arbitrary: () => fc.Arbitrary<Value>): Value {
    return this.#generate(arbitrary);
  }
}
