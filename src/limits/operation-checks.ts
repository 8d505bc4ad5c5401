import { type FieldNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { type ErrorCode, GatewayError } from '../errors.js';
import { isIntrospection } from './document-size.js';
import type { OperationCost } from './estimate-cost.js';
import { listField } from './lookups-of.js';
import { fixedLimits, type OperationLimits } from './operation-limits.js';
import type { OperationWithVariables } from './operation-with-variables.js';

/** Throws BAD_USER_INPUT for a mutation or subscription: GraphQL validates no fields of a root type that the schema lacks. */
export function assertIsQuery({ operation }: OperationDefinitionNode): void {
  if (operation === OperationTypeNode.QUERY) return;
  throw new GatewayError('BAD_USER_INPUT', `The operation is a ${operation}; this schema has queries only.`);
}

/** Throws BAD_USER_INPUT for an operation that reads the schema; for callers who may not see it. */
export function assertNoIntrospection(operation: OperationWithVariables): void {
  forEachRootField(operation, (field) => {
    if (!isIntrospection(field)) return;
    const message = `The field ${field.name.value} reads the schema; this caller needs the scope introspect for it.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  });
}

/**
 * Throws UNAUTHENTICATED for an operation that looks records up or reads the schema; for callers without credentials. Every
 * field that looks records up takes arguments. The field through which a router reads the subgraph takes none.
 */
export function assertNeedsNoCredentials(operation: OperationWithVariables): void {
  const fields = operation.schema.getQueryType()?.getFields() ?? {};
  forEachRootField(operation, (field) => {
    const name = field.name.value;
    if (!isIntrospection(field) && !fields[name]?.args.length) return;
    const message = `No Authorization header arrived, and the field ${name} needs the credentials of a caller. A router must forward the header.`;
    throw new GatewayError('UNAUTHENTICATED', message);
  });
}

/** Throws QUERY_TOO_COMPLEX for an operation with too many lists: each one can buy a page of 1,000 records, whatever it shows. */
export function assertFewLists(operation: OperationWithVariables): void {
  const { maxLists } = fixedLimits;
  const lists = new Set<string>();
  forEachRootField(operation, ({ name, alias }) => {
    if (name.value === listField) lists.add((alias ?? name).value);
  });
  if (lists.size > maxLists)
    throw exceeded('QUERY_TOO_COMPLEX', 'asks for', lists.size, 'lists by date', maxLists);
}

function forEachRootField(operation: OperationWithVariables, visit: (field: FieldNode) => void): void {
  const type = operation.schema.getQueryType();
  if (type) operation.forEachField({ type, set: operation.operation.selectionSet }, visit);
}

/**
 * Throws TOO_MANY_IDS or QUERY_TOO_COMPLEX for an operation that costs more than the limits allow. Without them, one
 * operation could fill the queue of all callers, cause a large bill by its edges, or take a response of any size.
 */
export function assertWithinLimits({ ids, records, values }: OperationCost, limits: OperationLimits): void {
  const { maxIds, maxRecords, maxValues } = limits;
  if (ids > maxIds) throw exceeded('TOO_MANY_IDS', 'asks for', ids, 'ids', maxIds);
  if (records > maxRecords)
    throw exceeded('QUERY_TOO_COMPLEX', 'may return, edges included,', records, 'records', maxRecords);
  if (values > maxValues)
    throw exceeded('QUERY_TOO_COMPLEX', 'may show, edges included,', values, 'values', maxValues);
}

function exceeded(code: ErrorCode, verb: string, count: number, what: string, most: number): GatewayError {
  return new GatewayError(code, `The operation ${verb} ${count} ${what}; at most ${most} are allowed.`);
}
