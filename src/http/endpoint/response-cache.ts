import { LRUCache } from 'lru-cache';

/** An answer that may be given again. */
export interface KeptAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Look-ups that it rests on, whose rows it holds. */
  readonly lookUps: number;
  /** Whether everything that the answer rests on is still so. */
  holds(): boolean;
}

/** What an answer takes besides its text, and for each look-up that it rests on, roughly. */
const overheadBytes = 4096;
const lookUpBytes = 2048;

/**
 * Keeps finished answers by what was asked, so that a caller who polls final records costs next to nothing. Most
 * questions are asked once only, so an answer is kept from the second time on. What was used longest ago makes room.
 */
export class KeptAnswers {
  readonly #maxBytes: number;
  /** By question; no answer yet where it was only asked. */
  readonly #kept: LRUCache<string, { readonly answer: KeptAnswer | undefined }>;

  /**
   * @param maxBytes a number from 0 up; 0 keeps none
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#kept = new LRUCache({ maxSize: Math.max(1, Math.floor(maxBytes)) });
  }

  /** Bytes of all questions and answers kept. */
  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** The answer to the same question; undefined when there is none, or when it does not hold any more. */
  get(question: string): KeptAnswer | undefined {
    const answer = this.#kept.get(question)?.answer;
    if (!answer || answer.holds()) return answer;
    this.#set(question, undefined);
    return undefined;
  }

  /** Notes that a question was asked, and keeps its answer if it was asked before and may be given again. */
  note(question: string, answerOf: () => KeptAnswer | undefined): void {
    this.#set(question, this.#kept.has(question) ? answerOf() : undefined);
  }

  #set(question: string, answer: KeptAnswer | undefined): void {
    const textBytes = 2 * (question.length + (answer?.body.length ?? 0));
    const size = overheadBytes + textBytes + lookUpBytes * (answer?.lookUps ?? 0);
    if (size <= this.#maxBytes) this.#kept.set(question, { answer }, { size });
  }
}
