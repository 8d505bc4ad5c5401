import { ObjectType } from '../type-graphql.js';
import { Node } from './node.js';
import { UsageRecord } from './usage-record.js';

/**
 * Declares a record type. Both interfaces are named directly, because type-graphql resolves only the classes that name
 * an interface themselves; simple resolvers let GraphQL read the decoder's getters without a wrapper per field.
 */
export function RecordType(description: string): ClassDecorator {
  return ObjectType({
    description,
    implements: [UsageRecord, Node],
    simpleResolvers: true,
  }) as ClassDecorator;
}
