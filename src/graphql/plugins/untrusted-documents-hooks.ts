import type { TrustedDocuments } from '../trusted-documents.js';
import type { StartHooks } from './operation-hooks.js';

export interface UntrustedDocumentsOptions {
  /** The documents that are trusted now. */
  documents(): TrustedDocuments;
  /** Tells by its headers whether a request may bring any document. */
  isExempt(headers: Readonly<Record<string, string>>): boolean;
  /** Gets each untrusted document once. */
  onUntrusted(document: UntrustedDocument): void;
}

/** What a log may show of a client's document: no part of its text, which may hold personal data. */
export interface UntrustedDocument {
  readonly hash: string;
  /** Undefined for an operation without a name. */
  readonly operationName: string | undefined;
  /** Whether this report is the last one, because the limit is reached. */
  readonly isLast: boolean;
}

/** Most reports for one list of documents; a client that generates its documents would otherwise flood the log. */
const maxReports = 1000;
const maxNameLength = 100;

/** Reports documents that run although they are not trusted, so that the operator can list them before enforcing the list. */
export function untrustedDocumentsHooks({
  documents,
  isExempt,
  onUntrusted,
}: UntrustedDocumentsOptions): StartHooks {
  const reportedFor = new WeakMap<TrustedDocuments, Set<string>>();
  return () => ({
    didResolveOperation({ request, queryHash: hash, operationName }) {
      const trusted = documents();
      if (trusted.get(hash) !== undefined || isExempt(Object.fromEntries(request.http?.headers ?? [])))
        return;
      const reported = reportedFor.get(trusted) ?? new Set();
      if (reported.has(hash) || reported.size === maxReports) return;
      reportedFor.set(trusted, reported.add(hash));
      const name = operationName?.slice(0, maxNameLength);
      onUntrusted({ hash, operationName: name, isLast: reported.size === maxReports });
    },
  });
}
