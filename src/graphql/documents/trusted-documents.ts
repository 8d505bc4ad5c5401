import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { z } from 'zod';

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

const textsById = z.record(z.string(), z.string());

/** What Apollo's own generator writes. */
const apolloManifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest'),
    operations: z.array(z.object({ id: z.string(), body: z.string() })),
  })
  .transform(({ operations }) => Object.fromEntries(operations.map(({ id, body }) => [id, body])));

/**
 * What a file of trusted documents holds: an object of texts by their ids, or an `apollo-persisted-query-manifest`. An
 * id is `sha256:` and the hash of its text, or the hash alone. Faults name the id, and quote no document.
 */
export const trustedDocumentList: z.ZodType<TrustedDocuments, unknown> = z
  .union([apolloManifest, textsById], {
    error: 'must be an object of documents by their ids, or an apollo-persisted-query-manifest',
  })
  .superRefine(refuseStrangeDocuments)
  .transform((texts) => new TrustedDocuments(Object.values(texts)));

function refuseStrangeDocuments(texts: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  for (const [id, text] of Object.entries(texts)) {
    const message = faultOf(id, text);
    if (message) context.addIssue({ code: 'custom', path: [id.slice(0, 80)], message });
  }
}

/** An id that is not its text's own hash could mean another text later, while answers to the old one are still given. */
function faultOf(id: string, text: string): string | undefined {
  if (id.replace(/^sha256:/, '') !== TrustedDocuments.hashOf(text))
    return "must be the document's SHA-256, as sha256:<64 hexadecimal digits in lower case>";
  return isGraphql(text) ? undefined : 'must be the id of a GraphQL document';
}

function isGraphql(text: string): boolean {
  try {
    parse(text, { noLocation: true });
    return true;
  } catch {
    return false;
  }
}
