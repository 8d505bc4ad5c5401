import { listDocument } from '../../records-client/operations.js';
import { count } from '../../records-client/quantities.js';
import type { GatewayClient } from '../gateway-client.js';
import type { ListOptions, Surroundings } from '../options.js';
import { recordsPerPage, windowOf } from './list-run.js';

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
  const { pages } = await client.plan(listDocument('__typename'), windowOf(options));
  const isKept = pages !== undefined && pages.kept > 0;
  const billed = isKept
    ? 'none: it was bought lately'
    : `at most ${count(pages?.recordsAtMost ?? recordsPerPage)}`;
  stdout.write(`records billed for the first page   ${billed}
each further page                   at most ${count(recordsPerPage)}, and one call
`);
  return 0;
}
