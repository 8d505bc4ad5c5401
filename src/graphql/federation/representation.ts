import { canonicalId } from '../../catalogue/ids.js';
import { GatewayError } from '../../errors.js';
import type { Target } from '../../operation/operation-service.js';
import type { UsageRecord } from '../../records/base.js';
import { looksLikeGlobalId } from '../../records/global-id.js';
import { recordTypeName, recordTypes } from '../../records/record-types.js';
import type { LookupRules } from '../operation-context.js';
import { globalTarget, resolveScope, type Scope } from '../resolvers/record-arguments.js';
import { naturalKeyOf } from './entity-keys.js';

/** A reference of another subgraph to a record: where to look it up, and which of the found rows it is. */
export interface Reference {
  readonly target: Target;
  isMeant(record: UsageRecord): boolean;
}

const scopes: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ['VonageRecord', {}],
  ...recordTypes.map(({ recordClass, product, direction }): [string, Scope] => [
    recordClass.name,
    { product, direction },
  ]),
]);

/**
 * Reads one representation. Throws BAD_USER_INPUT with its place and the rule, before any call.
 *
 * @param place such as `representations[3]`
 */
export function readRepresentation(given: unknown, place: string, rules: LookupRules): Reference {
  const fields = new Map(Object.entries(typeof given === 'object' && given ? given : {}));
  const named = fields.get('__typename');
  const typeName = typeof named === 'string' ? named : '';
  const scope = scopes.get(typeName);
  if (!scope) throw badInput(`${place}.__typename must be VonageRecord or the name of a record type.`);
  const isOfType = (record: UsageRecord) =>
    typeName === 'VonageRecord' || recordTypeName(record) === typeName;
  const globalId = idIn(fields, 'id', place);
  if (globalId !== undefined)
    return { target: globalTarget(globalId, `${place}.id`, scope), isMeant: isOfType };
  const { field, id } = naturalKeyIn(fields, typeName, place);
  const accountId = idIn(fields, 'accountId', place);
  const target = resolveScope({ ...scope, accountId }, rules)(id, `${place}.${field}`);
  const isMeant = (record: UsageRecord) =>
    isOfType(record) &&
    hasId(record, field, id) &&
    (accountId === undefined || record.accountId === accountId);
  return { target, isMeant };
}

function naturalKeyIn(fields: ReadonlyMap<string, unknown>, typeName: string, place: string) {
  const field = naturalKeyOf(typeName);
  const id = field && idIn(fields, field, place);
  if (!field || id === undefined)
    throw badInput(`${place} must hold a key of ${typeName}: id${field ? `, or ${field}` : ''}.`);
  if (looksLikeGlobalId(id)) throw badInput(`${place}.${field} must be Vonage's id; global ids go in id.`);
  return { field, id };
}

/** Text, or a whole number, as GraphQL takes ids. */
function idIn(fields: ReadonlyMap<string, unknown>, name: string, place: string): string | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  const hint = typeof value === 'number' ? ' Send ids as text: a number of this size loses digits.' : '';
  throw badInput(`${place}.${name} must be an id.${hint}`);
}

function hasId(record: UsageRecord, field: string, id: string): boolean {
  const own = (record as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof own === 'string' && canonicalId(own) === canonicalId(id);
}

function badInput(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}
