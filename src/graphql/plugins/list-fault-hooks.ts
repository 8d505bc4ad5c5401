import type { StartHooks } from './operation-hooks.js';

/**
 * Adds an error for each list that lacks records of a page that was cut. GraphQL itself shows an error or data for a field,
 * and the records that arrived are billed, so the response shows both.
 */
export function listFaultHooks(): StartHooks {
  return () => ({
    willSendResponse({ response, contextValue: { listFaults = [] } }) {
      if (listFaults.length === 0 || response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      const faults = listFaults.map(({ error: { message, extensions }, path }) => ({
        message,
        path,
        extensions,
      }));
      response.body.singleResult = {
        ...singleResult,
        errors: [...(singleResult.errors ?? []), ...faults],
      };
    },
  });
}
