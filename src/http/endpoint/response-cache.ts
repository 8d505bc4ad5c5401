import { LRUCache } from 'lru-cache';

/** An answer that may be given again. */
export interface CachedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Look-ups that it rests on, whose rows it holds. */
  readonly lookups: number;
  /** Whether everything that the answer rests on is still so. */
  isFresh(): boolean;
}

/** What an answer takes besides its text, and for each look-up that it rests on, roughly. */
const overheadBytes = 4096;
const lookupBytes = 2048;

/**
 * Keeps finished answers by what was asked, so that a caller who polls final records costs next to nothing. Most
 * questions are asked once only, so an answer is kept from the second time on. What was used longest ago makes room.
 */
export class ResponseCache {
  readonly #maxBytes: number;
  /** By question; no answer yet where it was only asked. */
  readonly #cached: LRUCache<string, { readonly answer: CachedResponse | undefined }>;

  /**
   * @param maxBytes a number from 0 up; 0 keeps none
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#cached = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)) });
  }

  /** Bytes of all questions and answers kept. */
  get bytes(): number {
    return this.#cached.calculatedSize;
  }

  /** The answer to the same question; undefined when there is none, or when it does not hold any more. */
  get(question: string): CachedResponse | undefined {
    const answer = this.#cached.get(question)?.answer;
    if (!answer || answer.isFresh()) return answer;
    this.#set(question, undefined);
    return undefined;
  }

  /** Notes that a question was asked, and keeps its answer if it was asked before and may be given again. */
  note(question: string, responseOf: () => CachedResponse | undefined): void {
    this.#set(question, this.#cached.has(question) ? responseOf() : undefined);
  }

  #set(question: string, answer: CachedResponse | undefined): void {
    const textBytes = 2 * (question.length + (answer?.body.length ?? 0));
    const size = overheadBytes + textBytes + lookupBytes * (answer?.lookups ?? 0);
    if (size <= this.#maxBytes) this.#cached.set(question, { answer }, { size });
  }
}
