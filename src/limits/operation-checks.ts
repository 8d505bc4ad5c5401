import { type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { type ErrorCode, GatewayError } from '../errors.js';
import type { OperationCost } from './cost/estimate-cost.js';
import type { OperationWithVariables } from './cost/operation-with-variables.js';
import { isIntrospection } from './document/document-size.js';
import type { OperationLimits } from './operation-limits.js';

/** GraphQL validates no fields of a root type that the schema lacks: throws BAD_USER_INPUT for anything but a query. */
export function assertIsQuery({ operation }: OperationDefinitionNode): void {
  if (operation === OperationTypeNode.QUERY) return;
  throw new GatewayError('BAD_USER_INPUT', `A ${operation} is not taken here; the schema has queries only.`);
}

/** The schema is told only to those who may see it: throws BAD_USER_INPUT for an operation that asks for it. */
export function assertNoIntrospection(sent: OperationWithVariables): void {
  const type = sent.schema.getQueryType();
  if (!type) return;
  sent.forEachField({ type, set: sent.operation.selectionSet }, (field) => {
    if (!isIntrospection(field)) return;
    const message = `${field.name.value} is not answered: introspection is off for this caller.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  });
}

/**
 * One operation may not fill the queue of everybody else, run up a bill by its edges, or have an answer of any size made:
 * throws TOO_MANY_IDS or QUERY_TOO_COMPLEX.
 */
export function assertWithinLimits({ ids, records, values }: OperationCost, limits: OperationLimits): void {
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
