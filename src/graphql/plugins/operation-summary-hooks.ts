import type { TrustedDocuments } from '../documents/trusted-documents.js';
import type { StartHooks } from './operation-hooks.js';

/**
 * Tells the access log and the metrics how an operation ended, and its name if its document is trusted. A client can make
 * up any number of other names, and they can be personal.
 *
 * @param documents the documents that are trusted now
 */
export function operationSummaryHooks(documents: () => TrustedDocuments | undefined): StartHooks {
  return ({ contextValue: { summary } }) => {
    if (!summary) return undefined;
    return {
      didResolveOperation({ queryHash, operationName }) {
        if (operationName && documents()?.get(queryHash) !== undefined) summary.operation = operationName;
      },
      willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const [error] = response.body.singleResult.errors ?? [];
        if (error) summary.outcome = String(error.extensions?.code);
      },
    };
  };
}
