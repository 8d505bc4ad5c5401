const prototypes = [Object, Array, String, Function, Number, Boolean, Map, Set, Promise, Error].map(
  (each) => each.prototype,
);

/** Notices what must not happen in a process: errors that nobody caught, and prototypes that were written to. */
export class ProcessWatch implements Disposable {
  readonly #faults: string[] = [];
  readonly #keys = keysOfPrototypes();
  readonly #note = (error: unknown) =>
    void this.#faults.push(`nobody caught ${error instanceof Error ? error.stack : String(error)}`);

  constructor() {
    process.on('unhandledRejection', this.#note);
    process.on('uncaughtException', this.#note);
  }

  /** What was noticed since the last time. */
  takeFaults(): string[] {
    const faults = this.#faults.splice(0);
    if (keysOfPrototypes() !== this.#keys) faults.push('a prototype was written to');
    return faults;
  }

  [Symbol.dispose](): void {
    process.off('unhandledRejection', this.#note);
    process.off('uncaughtException', this.#note);
  }
}

function keysOfPrototypes(): string {
  return prototypes.map((each) => Reflect.ownKeys(each).map(String).join()).join(';');
}
