import { idsPerPlan, lookupDocument } from '../../records-client/operations.js';
import { count, quantity } from '../../records-client/quantities.js';
import type { GatewayClient } from '../gateway-client.js';
import { readIds } from '../input/read-ids.js';
import type { LookupOptions, Surroundings } from '../options.js';
import { inChunks } from './in-order.js';

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
  for await (const ids of inChunks(readIds(options, stdin), idsPerPlan)) {
    const plan = await client.plan(document, { ids, product, direction, accountId });
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
cached             ${quantity(cacheHits, 'id')} at no cost
records billed     ${count(ids - cacheHits)} if each of the other ids has one record
`);
  return 0;
}
