import type { Outcome } from '../traffic/outcome.js';
import type { Answer } from './answer.js';

/** What one operation was billed for an id. A caller who has left is billed for the calls that were on their way. */
export class Bill {
  #records = 0;
  #open = 0;
  #tellEnded: (() => void)[] = [];

  /** Notes records that were returned. */
  note(records: number): void {
    this.#records += records;
  }

  /**
   * Notes that a call is on its way for which its caller does not wait any more; what is returned is told how it ended.
   *
   * @param recordsAtRisk records that are taken to be billed for a call that failed
   */
  leaveOpen(recordsAtRisk: (failure: unknown) => number): (outcome: Outcome<Answer>) => void {
    this.#open += 1;
    return (outcome) => {
      this.note('value' in outcome ? outcome.value.rows.length : recordsAtRisk(outcome.error));
      this.#open -= 1;
      if (this.#open === 0) for (const tell of this.#tellEnded.splice(0)) tell();
    };
  }

  /** Resolves when no call is on its way any more; undefined when none is. */
  ended(): Promise<void> | undefined {
    if (this.#open === 0) return undefined;
    return new Promise((resolve) => {
      this.#tellEnded.push(resolve);
    });
  }

  /** What was noted since it was last taken. */
  take(): number {
    const records = this.#records;
    this.#records = 0;
    return records;
  }
}
