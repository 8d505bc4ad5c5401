import type { TrustedDocuments } from '../documents/trusted-documents.js';
import { cacheControlHooks } from './cache-control-hooks.js';
import { costHooks } from './cost-hooks.js';
import { type ErrorHooksOptions, errorHooks } from './error-hooks.js';
import { errorStatusHooks } from './error-status-hooks.js';
import { legacyStatusHooks } from './legacy-status-hooks.js';
import { listFaultHooks } from './list-fault-hooks.js';
import type { StartHooks } from './operation-hooks.js';
import { operationSummaryHooks } from './operation-summary-hooks.js';
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
