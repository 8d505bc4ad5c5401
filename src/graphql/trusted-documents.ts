import { hash } from 'node:crypto';
import { parse } from 'graphql';
import { z } from 'zod';

/** The documents that the operator trusts, each under the SHA-256 of its text. */
export class TrustedDocuments {
  /** Texts by their hashes. */
  readonly #texts: ReadonlyMap<string, string>;
  /** The same texts, so that finding one needs no hash of the client's document. */
  readonly #known: ReadonlySet<string>;

  constructor(texts: Iterable<string>) {
    this.#known = new Set(texts);
    this.#texts = new Map([...this.#known].map((text) => [TrustedDocuments.hashOf(text), text]));
  }

  /** The SHA-256 of a document's text in UTF-8, as lower-case hex. */
  static hashOf(text: string): string {
    return hash('sha256', text);
  }

  get size(): number {
    return this.#known.size;
  }

  /** The document with a hash; undefined when there is none. */
  get(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  /** Whether a text equals one of the documents exactly. */
  has(text: string): boolean {
    return this.#known.has(text);
  }
}

const textsById = z.record(z.string(), z.string());

/** The format of Apollo's manifest generator. */
const apolloManifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest'),
    operations: z.array(z.object({ id: z.string(), body: z.string() })),
  })
  .transform(({ operations }) => Object.fromEntries(operations.map(({ id, body }) => [id, body])));

/**
 * The content of a file of trusted documents: an object of texts by their ids, or an `apollo-persisted-query-manifest`. An
 * id is `sha256:` and the hash of its text, or the hash alone. Errors name the id and quote no document.
 */
export const trustedDocumentList: z.ZodType<TrustedDocuments, unknown> = z
  .union([apolloManifest, textsById], {
    error: 'must be an object of documents by their ids, or an apollo-persisted-query-manifest',
  })
  .superRefine(rejectWrongDocuments)
  .transform((texts) => new TrustedDocuments(Object.values(texts)));

function rejectWrongDocuments(texts: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  for (const [id, text] of Object.entries(texts)) {
    const message = errorIn(id, text);
    if (message) context.addIssue({ code: 'custom', path: [id.slice(0, 80)], message });
  }
}

/** Any other id could name another text later, while caches still hold responses to the old one. */
function errorIn(id: string, text: string): string | undefined {
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
