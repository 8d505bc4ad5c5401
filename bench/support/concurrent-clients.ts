import { get, type RawAnswer, RawConnection } from './raw-connection.js';

/** Connections that are made at once: more than a listener's queue holds would have to knock again a second later. */
const knockAtOnce = 200;

/** How one request ended, and after how long. */
export interface CrowdOutcome {
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

/** Many callers, each with a connection of its own. */
export class Crowd implements Disposable {
  readonly #callers: readonly RawConnection[];

  private constructor(callers: readonly RawConnection[]) {
    this.#callers = callers;
  }

  static async gather(url: string, size: number): Promise<Crowd> {
    const callers: RawConnection[] = [];
    while (callers.length < size) {
      const next = Math.min(knockAtOnce, size - callers.length);
      callers.push(...(await Promise.all(Array.from({ length: next }, () => RawConnection.open(url)))));
      // They are let in one after another, so that the last one's answer tells that all are.
      await callers.at(-1)?.ask(get(`${url}/livez`));
    }
    return new Crowd(callers);
  }

  /** Callers whose connection is still there. */
  get present(): number {
    return this.#callers.filter(({ isOpen }) => isOpen).length;
  }

  /** Lets everybody ask at once; a connection that is cut instead of answered has the status 0. */
  ask(requestOf: (caller: number) => string): Promise<readonly CrowdOutcome[]> {
    const askedAtMs = performance.now();
    return Promise.all(
      this.#callers.map(async (caller, index) => {
        const answer = await caller.ask(requestOf(index)).catch(asAnswer);
        return { ...answer, tookMs: performance.now() - askedAtMs };
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const caller of this.#callers) caller.close();
  }
}

function asAnswer(error: Error): RawAnswer {
  return { status: 0, body: error.message };
}
