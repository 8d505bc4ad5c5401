import type { StartHooks } from './operation-hooks.js';

/**
 * Adds the cost of an operation as `extensions.vonage`, where its caller may see it. Invented records of the simulator are
 * told from Vonage's by `simulated` there, for every caller. The response to a dry run holds the
 * plan and no data, so that no client takes its empty results for records that do not exist.
 */
export function costHooks(isSimulated: boolean): StartHooks {
  return () => ({
    willSendResponse({ response, contextValue }) {
      const report = contextValue.operation.usageReport();
      if ((!report && !isSimulated) || response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      const data = report && 'plan' in report && 'data' in singleResult ? { data: null } : {};
      const vonage = { ...(isSimulated && { simulated: true }), ...report };
      const extensions = { ...singleResult.extensions, vonage };
      response.body.singleResult = { ...singleResult, ...data, extensions };
    },
  });
}
