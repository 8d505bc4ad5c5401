/** Records that a run may still be billed for. Each operation reserves the most that it expects, and settles after it. */
export class RecordBudget {
  #left: number;
  #reserved = 0;
  #onSettled: (() => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param records undefined for no limit */
  constructor(records: number | undefined) {
    this.#left = records ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Reserves records, in the order of the calls. It waits for operations that may give some back before it grants less
   * than it was asked for.
   *
   * @returns how many records are reserved; fewer than asked for once the limit is near
   */
  reserve(records: number): Promise<number> {
    const granted = this.#last.then(() => this.#grant(records));
    this.#last = granted;
    return granted;
  }

  /** Replaces a reservation by what was billed. */
  settle(reserved: number, billed: number): void {
    this.#reserved -= reserved;
    this.#left = Math.max(0, this.#left + reserved - billed);
    this.#onSettled?.();
  }

  async #grant(records: number): Promise<number> {
    while (this.#left < records && this.#reserved > 0)
      await new Promise<void>((resolve) => {
        this.#onSettled = resolve;
      });
    const granted = Math.min(records, this.#left);
    this.#left -= granted;
    this.#reserved += granted;
    return granted;
  }
}
