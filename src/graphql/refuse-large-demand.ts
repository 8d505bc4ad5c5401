import { GatewayError } from '../errors.js';
import type { OperationSize } from './operation-context.js';
import type { OperationLimits } from './operation-limits.js';

/**
 * One operation may neither fill the queue of everybody else nor run up a bill by its edges: throws TOO_MANY_IDS or
 * QUERY_TOO_COMPLEX.
 */
export function refuseLargeDemand(
  { ids, records }: OperationSize,
  { maxIds, maxRecords }: OperationLimits,
): void {
  if (ids > maxIds)
    throw new GatewayError(
      'TOO_MANY_IDS',
      `The operation asks for ${ids} ids; at most ${maxIds} are allowed.`,
    );
  if (records > maxRecords)
    throw new GatewayError(
      'QUERY_TOO_COMPLEX',
      `The operation may bring ${records} records, those at the ends of edges included; at most ${maxRecords} are allowed.`,
    );
}
