import { type GatewayError, shuttingDown } from '../errors.js';

/** Ends a request that waits or runs with an error. */
export type RefuseRequest = (error: GatewayError) => void;

/** The stop of a server in three steps: it announces the stop, refuses new requests, and ends those that are left. */
export class Shutdown {
  readonly #refusals = new Set<RefuseRequest>();
  #isAnnounced = false;
  #refusesNew = false;
  #isOver = false;

  /** Whether clients may send requests; false from the announcement on. */
  get isReady(): boolean {
    return !this.#isAnnounced;
  }

  /** Whether a request that arrives now is refused. */
  get refusesNew(): boolean {
    return this.#refusesNew;
  }

  /** Requests that wait or run. */
  get pending(): number {
    return this.#refusals.size;
  }

  /** Tells load balancers and clients to go elsewhere. Requests are answered as before. */
  announce(): void {
    this.#isAnnounced = true;
  }

  /** Refuses every request that arrives from now on. */
  refuseNew(): void {
    this.announce();
    this.#refusesNew = true;
  }

  /**
   * Adds a request that must end with the process. Refuses it at once when its time is over.
   *
   * @returns removes the request, because it has ended
   */
  track(refuse: RefuseRequest): () => void {
    if (this.#isOver) refuse(shuttingDown());
    else this.#refusals.add(refuse);
    return () => void this.#refusals.delete(refuse);
  }

  /** Ends every request with SHUTTING_DOWN, and each later one as soon as it comes. */
  endRequests(): void {
    this.#isOver = true;
    for (const refuse of [...this.#refusals]) refuse(shuttingDown());
  }
}
