import type { StartHooks } from './operation-hooks.js';

/**
 * Sets `Cache-Control` by whether the records of the response are final. Cache hints on types cannot tell: one SMS is final
 * while the next one is still pending.
 */
export function cacheControlHooks(): StartHooks {
  return () => ({
    willSendResponse({ response, contextValue, errors }) {
      const header = contextValue.operation.cacheControl();
      if (header !== undefined) response.http.headers.set('cache-control', errors ? 'no-store' : header);
    },
  });
}
