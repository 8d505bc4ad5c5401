/** Tallies by id what was billed for look-ups that have not ended yet. */
export class BilledRecords {
  readonly #byId = new Map<string, number>();

  /** Notes records that were returned for an id. */
  note(id: string, records: number): void {
    this.#byId.set(id, (this.#byId.get(id) ?? 0) + records);
  }

  /** What was noted for an id since it was last taken. */
  take(id: string): number {
    const records = this.#byId.get(id) ?? 0;
    this.#byId.delete(id);
    return records;
  }
}
