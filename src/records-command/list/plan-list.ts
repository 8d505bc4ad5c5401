import { type GatewayClient, RefusedOperation } from '../gateway-client.js';
import type { ListOptions } from '../options.js';
import { count } from '../progress.js';
import type { Surroundings } from '../surroundings.js';
import { listDocument, windowOf } from './list-run.js';

/** `extensions.vonage` of a dry run. */
interface PlanReport {
  readonly plan?: { readonly pages?: { readonly kept: number; readonly recordsAtMost: number } };
}

/**
 * Tells what the first page of a list would cost. Nothing is sent to Vonage, which tells no count beforehand.
 *
 * @returns the exit status
 */
export async function planList(
  options: ListOptions,
  client: GatewayClient,
  { stdout }: Surroundings,
): Promise<number> {
  const { extensions } = await client.run(listDocument('__typename'), windowOf(options), {
    'x-dry-run': '1',
  });
  const { pages } = ((extensions.vonage ?? {}) as PlanReport).plan ?? {};
  if (!pages)
    throw new RefusedOperation('The token lacks the scope explain, which --dry-run needs.', 'FORBIDDEN');
  const billed = pages.kept > 0 ? 'none: it was bought lately' : `at most ${count(pages.recordsAtMost)}`;
  stdout.write(`records billed for the first page   ${billed}
each further page                   at most 1,000, and one call
`);
  return 0;
}
