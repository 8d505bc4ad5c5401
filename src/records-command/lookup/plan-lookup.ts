import { type GatewayClient, RefusedOperation } from '../gateway-client.js';
import { readIds } from '../input/read-ids.js';
import type { LookupOptions } from '../options.js';
import { count } from '../progress.js';
import type { Surroundings } from '../surroundings.js';
import { inChunks } from './in-order.js';
import { lookupDocument } from './lookup-ids.js';

/** Ids of one operation; ten full calls to Vonage. */
const idsPerOperation = 200;

/** `extensions.vonage` of a dry run. */
interface PlanReport {
  readonly plan?: {
    readonly calls: number;
    readonly callsAtMost: number;
    readonly cacheHits: number;
    readonly waitMs: number;
  };
}

/**
 * Tells what a run would cost. Nothing is sent to Vonage, and nothing is billed.
 *
 * @returns the exit status
 */
export async function planLookup(
  options: LookupOptions,
  client: GatewayClient,
  { stdin, stdout }: Surroundings,
): Promise<number> {
  const { product, direction, account: accountId } = options;
  const document = lookupDocument('__typename');
  const total = { ids: 0, calls: 0, callsAtMost: 0, cacheHits: 0, waitMs: 0 };
  for await (const ids of inChunks(readIds(options, stdin), idsPerOperation)) {
    const variables = { ids, product, direction, accountId };
    const { extensions } = await client.run(document, variables, { 'x-dry-run': '1' });
    const { plan } = (extensions.vonage ?? {}) as PlanReport;
    if (!plan)
      throw new RefusedOperation('The token lacks the scope explain, which --dry-run needs.', 'FORBIDDEN');
    total.ids += ids.length;
    total.calls += plan.calls;
    total.callsAtMost += plan.callsAtMost;
    total.cacheHits += plan.cacheHits;
    total.waitMs += plan.waitMs;
  }
  const { ids, calls, callsAtMost, cacheHits, waitMs } = total;
  const longestMs = calls === 0 ? 0 : (waitMs * callsAtMost) / calls;
  stdout.write(`ids                ${count(ids)}
calls              ${count(calls)} at first, ${count(callsAtMost)} at most
seconds            ${Math.ceil(waitMs / 1000)} at first, ${Math.ceil(longestMs / 1000)} at most
cached             ${count(cacheHits)} ids, which cost nothing
records billed     ${count(ids - cacheHits)} if each of the other ids has one record
`);
  return 0;
}
