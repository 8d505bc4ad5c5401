import { Child } from './child.js';

/** What was asked of one kind, and what came back. */
export interface Tally {
  readonly asked: number;
  readonly responded: number;
  readonly latenciesMs: number[];
  /** Why the others were not answered. */
  readonly faults: readonly string[];
}

/** What a bystander saw since it was last asked. */
export interface Book {
  readonly livez: Tally;
  readonly readyz: Tally;
  readonly lookups: Tally;
}

export interface BystanderOptions {
  /** The gateway. */
  readonly url: string;
  /** Milliseconds between two questions of a kind; look-ups wait for their answer first. */
  readonly everyMs: number;
  /** Bodies of GraphQL requests, posted one after another. */
  readonly lookups: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Somebody who has nothing to do with a siege, in a process of its own. */
export class Bystander implements AsyncDisposable {
  readonly #process: Child;

  private constructor(process: Child) {
    this.#process = process;
  }

  static async start(options: BystanderOptions): Promise<Bystander> {
    const args = [JSON.stringify(options)];
    return new Bystander(await Child.start({ file: 'bench/servers/bystander.js', args }));
  }

  async report(): Promise<Book> {
    return (await (await fetch(this.#process.url)).json()) as Book;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
