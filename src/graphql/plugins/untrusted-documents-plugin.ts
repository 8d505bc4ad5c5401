import type { ApolloServerPlugin } from '@apollo/server';
import type { TrustedDocuments } from '../documents/trusted-documents.js';
import type { OperationContext } from '../operation-context.js';

export interface UntrustedDocumentsOptions {
  /** The documents that are trusted now. */
  documents(): TrustedDocuments;
  /** Tells by its headers whether a request may bring any document. */
  isExempt(headers: Readonly<Record<string, string>>): boolean;
  /** Gets each document that is not trusted, once. */
  onUntrusted(document: UntrustedDocument): void;
}

/** What may be said of a caller's document: nothing of its text, which may hold anything. */
export interface UntrustedDocument {
  readonly hash: string;
  /** Undefined for an operation without a name. */
  readonly operationName: string | undefined;
  /** Whether no further document is told, as there were too many. */
  readonly isLast: boolean;
}

/** Most documents told for one list: who writes documents anew each time has more of them than a log should have lines. */
const maxTold = 1000;
const maxNameLength = 100;

/** Tells of documents that run although they are not trusted, so that an operator can list them before others are refused. */
export function untrustedDocumentsPlugin({
  documents,
  isExempt,
  onUntrusted,
}: UntrustedDocumentsOptions): ApolloServerPlugin<OperationContext> {
  const toldFor = new WeakMap<TrustedDocuments, Set<string>>();
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, queryHash: hash, operationName }) {
          const trusted = documents();
          if (trusted.get(hash) !== undefined || isExempt(Object.fromEntries(request.http?.headers ?? [])))
            return;
          const told = toldFor.get(trusted) ?? new Set();
          if (told.has(hash) || told.size === maxTold) return;
          toldFor.set(trusted, told.add(hash));
          const name = operationName?.slice(0, maxNameLength);
          onUntrusted({ hash, operationName: name, isLast: told.size === maxTold });
        },
      };
    },
  };
}
