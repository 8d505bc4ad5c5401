import type { TrustedDocuments } from '../trusted-documents.js';
import { type ErrorHooksOptions, errorHooks, errorStatusHooks, legacyStatusHooks } from './error-hooks.js';
import type { StartHooks } from './operation-hooks.js';
import { roundedIdsHooks } from './rounded-ids-hooks.js';
import { type UntrustedDocumentsOptions, untrustedDocumentsHooks } from './untrusted-documents-hooks.js';

export interface GatewayHooksOptions extends ErrorHooksOptions {
  /** Whether clients that do not accept GraphQL's own media type get 200, not 400, for wrong documents and variables. */
  readonly legacyStatusCodes: boolean;
  /** Whether records are invented, so that responses say so. Default: false. */
  readonly simulated?: boolean;
  /** Reports documents that are not trusted; undefined for no report. */
  readonly untrustedDocuments: UntrustedDocumentsOptions | undefined;
  /** The documents that are trusted now; logs and metrics show the names of their operations. Default: none. */
  trustedDocuments?(): TrustedDocuments;
}

/** Everything that the gateway does at the steps of an operation, in order. */
export function gatewayHooks(options: GatewayHooksOptions): readonly StartHooks[] {
  const { legacyStatusCodes, untrustedDocuments } = options;
  return [
    // Before the hooks that read the errors of a response.
    listFaultHooks(),
    errorHooks(options),
    operationSummaryHooks(() => options.trustedDocuments?.()),
    roundedIdsHooks(),
    costHooks(options.simulated ?? false),
    cacheControlHooks(),
    errorStatusHooks(),
    ...(legacyStatusCodes ? [legacyStatusHooks()] : []),
    ...(untrustedDocuments ? [untrustedDocumentsHooks(untrustedDocuments)] : []),
  ];
}

/**
 * Sets `Cache-Control` by whether the records of the response are final. Cache hints on types cannot tell: one SMS is final
 * while the next one is still pending.
 */
function cacheControlHooks(): StartHooks {
  return () => ({
    willSendResponse({ response, contextValue, errors }) {
      const header = contextValue.operation.cacheControl();
      if (header !== undefined) response.http.headers.set('cache-control', errors ? 'no-store' : header);
    },
  });
}

/**
 * Adds the cost of an operation as `extensions.vonage`, where its caller may see it. Invented records of the simulator are
 * told from Vonage's by `simulated` there, for every caller. The response to a dry run holds the
 * plan and no data, so that no client takes its empty results for records that do not exist.
 */
function costHooks(isSimulated: boolean): StartHooks {
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

/**
 * Adds an error for each list that lacks records of a page that was cut. GraphQL itself shows an error or data for a field,
 * and the records that arrived are billed, so the response shows both.
 */
function listFaultHooks(): StartHooks {
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

/**
 * Tells the access log and the metrics how an operation ended, and its name if its document is trusted. A client can make
 * up any number of other names, and they can be personal.
 *
 * @param documents the documents that are trusted now
 */
function operationSummaryHooks(documents: () => TrustedDocuments | undefined): StartHooks {
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
