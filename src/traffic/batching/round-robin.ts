/** A Map or a Set whose members may come and go between two steps. */
interface LiveCollection<Member> {
  values(): Iterator<Member, undefined>;
}

/**
 * Round-robin cursor over a live Map or Set, in insertion order. Keeps one iterator, because a new one would rescan
 * deleted entries each time.
 */
export class RoundRobin<Member> {
  readonly #members: LiveCollection<Member>;
  #iterator: Iterator<Member, undefined>;

  constructor(members: LiveCollection<Member>) {
    this.#members = members;
    this.#iterator = members.values();
  }

  /** The next member, starting over after the last; undefined when the collection is empty. */
  next(): Member | undefined {
    const next = this.#iterator.next();
    if (!next.done) return next.value;
    this.#iterator = this.#members.values();
    return this.#iterator.next().value;
  }
}

/** A bulk call that waits for its token. */
interface WaitingCall {
  /** Makes the call, for which a token was acquired. Resolves when it has ended; must not reject. */
  run(): Promise<void>;
}

/** The waiting calls of one operation, in the order in which it asked for them. */
interface OwnCalls {
  readonly owner: object;
  readonly calls: Set<WaitingCall>;
}

export interface BulkQueueOptions {
  /** Calls that may be in flight at once: as many as there are connections, since a token must not wait for one. */
  readonly maxInFlight: number;
  /** Told when another call may start. */
  onFree(): void;
}

/**
 * Calls that read much in one go, such as pages of records. They take turns between the operations that asked for them. A
 * bounded number is in flight, because a token that is held without a connection is lost to the lookups.
 */
export class BulkQueue {
  readonly #options: BulkQueueOptions;
  readonly #byOwner = new Map<object, OwnCalls>();
  readonly #turns = new RoundRobin(this.#byOwner);
  /** Further attempts of calls in flight, and so before new calls. */
  readonly #repetitions: (() => void)[] = [];
  #waiting = 0;
  #inFlight = 0;

  constructor(options: BulkQueueOptions) {
    this.#options = options;
  }

  /** Calls that wait for a token. */
  get waiting(): number {
    return this.#waiting + this.#repetitions.length;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether a token could be used now. */
  get hasCall(): boolean {
    return this.#repetitions.length > 0 || (this.#waiting > 0 && this.#inFlight < this.#options.maxInFlight);
  }

  /** Adds a call and returns the function that withdraws it; that does nothing once the call has started. */
  add(owner: object, run: () => Promise<void>): () => void {
    const call: WaitingCall = { run };
    const own = this.#byOwner.get(owner) ?? { owner, calls: new Set<WaitingCall>() };
    this.#byOwner.set(owner, own);
    own.calls.add(call);
    this.#waiting += 1;
    return () => this.#remove(own, call);
  }

  /** Adds a further attempt of a call in flight. */
  addRepetition(resume: () => void): void {
    this.#repetitions.push(resume);
  }

  /** The function that starts the next call; undefined when none may start. */
  next(): (() => void) | undefined {
    if (!this.hasCall) return undefined;
    const resume = this.#repetitions.shift();
    if (resume) return resume;
    const own = this.#turns.next();
    const [call] = own?.calls ?? [];
    if (!own || !call) return undefined;
    this.#remove(own, call);
    return () => void this.#run(call);
  }

  async #run(call: WaitingCall): Promise<void> {
    this.#inFlight += 1;
    try {
      await call.run();
    } finally {
      this.#inFlight -= 1;
      if (this.hasCall) this.#options.onFree();
    }
  }

  #remove(own: OwnCalls, call: WaitingCall): void {
    if (!own.calls.delete(call)) return;
    this.#waiting -= 1;
    if (own.calls.size === 0) this.#byOwner.delete(own.owner);
  }
}
