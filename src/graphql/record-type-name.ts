import { recordTypes } from '../records/record-types.js';

const names = new Map<unknown, string>(recordTypes.map(({ recordClass }) => [recordClass, recordClass.name]));

/**
 * The GraphQL type of a decoded record. It is asked for every record of every answer, so it is one look in a map and no
 * promise.
 */
export function recordTypeName(record: object): string | undefined {
  return names.get(record.constructor);
}
