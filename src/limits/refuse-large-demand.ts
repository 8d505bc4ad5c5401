import { type ErrorCode, GatewayError } from '../errors.js';
import type { Demand } from './demand.js';
import type { OperationLimits } from './operation-limits.js';

/**
 * One operation may not fill the queue of everybody else, run up a bill by its edges, or have an answer of any size made:
 * throws TOO_MANY_IDS or QUERY_TOO_COMPLEX.
 */
export function refuseLargeDemand({ ids, records, values }: Demand, limits: OperationLimits): void {
  const { maxIds, maxRecords, maxValues } = limits;
  if (ids > maxIds) throw excess('TOO_MANY_IDS', 'asks for', ids, 'ids', maxIds);
  if (records > maxRecords)
    throw excess('QUERY_TOO_COMPLEX', 'may bring, edges included,', records, 'records', maxRecords);
  if (values > maxValues)
    throw excess('QUERY_TOO_COMPLEX', 'may show, edges included,', values, 'values', maxValues);
}

function excess(code: ErrorCode, does: string, count: number, what: string, most: number): GatewayError {
  return new GatewayError(code, `The operation ${does} ${count} ${what}; at most ${most} are allowed.`);
}
