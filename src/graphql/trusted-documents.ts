import { createHash } from 'node:crypto';

/** The documents that an operator trusts, each by the SHA-256 of its text. */
export class TrustedDocuments {
  /** Texts by their hashes. */
  readonly #texts: ReadonlyMap<string, string>;
  /** The same texts: to find one here takes no hashing of what a caller sent. */
  readonly #known: ReadonlySet<string>;

  constructor(texts: Iterable<string>) {
    this.#known = new Set(texts);
    this.#texts = new Map([...this.#known].map((text) => [TrustedDocuments.hashOf(text), text]));
  }

  /** What a document is known by: the SHA-256 of its text in UTF-8, in lower-case hex. */
  static hashOf(text: string): string {
    return createHash('sha256').update(text).digest('hex');
  }

  get size(): number {
    return this.#known.size;
  }

  /** The document with a hash; undefined when there is none. */
  get(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  /** Whether a text is one of the documents, to the letter. */
  has(text: string): boolean {
    return this.#known.has(text);
  }
}
