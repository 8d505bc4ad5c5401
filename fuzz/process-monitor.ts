const prototypes = [Object, Array, String, Function, Number, Boolean, Map, Set, Promise, Error].map(
  (each) => each.prototype,
);

/** Detects uncaught errors and changed prototypes in this process. */
export class ProcessMonitor implements Disposable {
  readonly #violations: string[] = [];
  readonly #keys = prototypeKeys();
  readonly #record = (error: unknown) =>
    void this.#violations.push(`uncaught: ${error instanceof Error ? error.stack : String(error)}`);

  constructor() {
    process.on('unhandledRejection', this.#record);
    process.on('uncaughtException', this.#record);
  }

  /** Removes and returns the violations since the previous call. */
  takeViolations(): string[] {
    const violations = this.#violations.splice(0);
    if (prototypeKeys() !== this.#keys) violations.push('a prototype has changed');
    return violations;
  }

  [Symbol.dispose](): void {
    process.off('unhandledRejection', this.#record);
    process.off('uncaughtException', this.#record);
  }
}

function prototypeKeys(): string {
  return prototypes.map((each) => Reflect.ownKeys(each).map(String).join()).join(';');
}
