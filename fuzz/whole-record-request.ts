import fc from 'fast-check';
import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isLeafType } from 'graphql';
import { Direction, productName } from '../src/catalogue/product.js';
import { rulesOf } from '../src/catalogue/products.js';
import { encodeGlobalId } from '../src/records/global-id.js';
import { type RecordTypeEntry, recordTypes } from '../src/records/record-types.js';
import type { GraphqlRequest } from './graphql-request.js';

const ids = fc.array(fc.stringMatching(/^[a-c]{1,2}$/), { minLength: 1, maxLength: 24 });

/** Requests that select every field and edge of one record type through one of the query fields. */
export function wholeRecordRequest(schema: GraphQLSchema): fc.Arbitrary<GraphqlRequest> {
  return fc
    .record({ entry: fc.constantFrom(...recordTypes), ids, field: fc.nat(queryFields.length - 1) })
    .map(
      ({ entry, ids, field }): GraphqlRequest => ({
        method: 'POST',
        headers: {},
        fields: {
          query: `query ($ids: [ID!]!, $id: ID!, $references: [_Any!]!) { ${queryFields[field]?.(entry)} ...Unused @skip(if: true) } ${fragments(schema, entry)}`,
          variables: variablesFor(entry, ids),
        },
      }),
    );
}

const queryFields: readonly ((entry: RecordTypeEntry) => string)[] = [
  (entry) =>
    `records(ids: $ids, ${argumentsOf(entry)}) { nodes { ...All } results { requestedId outcome records { ...All } error { code message isRetryable retryAfterMs } } idsNotFound }`,
  (entry) => `record(id: $id, ${argumentsOf(entry)}) { ...All }`,
  () => 'record(id: $id) { ...All }',
  () => 'nodes(ids: $ids) { ...All }',
  () => 'node(id: $id) { ...All }',
  () => '_entities(representations: $references) { ...All }',
  () =>
    'smsRecord(id: $id) { ...All } messagesRecord(id: $id) { ...All } voiceRecord(id: $id) { ...All } verifyRecord(id: $id) { ...All } insightRecord(id: $id) { ...All } conversationRecord(id: $id) { ...All }',
];

function argumentsOf({ product, direction }: RecordTypeEntry): string {
  const side =
    direction === null ? '' : `, direction: ${direction === Direction.INBOUND ? 'INBOUND' : 'OUTBOUND'}`;
  return `product: ${productName(product)}${side}`;
}

function fragments(schema: GraphQLSchema, { recordClass: { name } }: RecordTypeEntry): string {
  const type = schema.getType(name) as GraphQLObjectType;
  const fields = Object.values(type.getFields());
  const leaves = fields.filter((each) => isLeafType(getNamedType(each.type))).map((each) => each.name);
  const edges = fields
    .filter((each) => !leaves.includes(each.name))
    .map((each) => `${each.name} { ...Some }`);
  return `fragment All on VonageRecord { ... on ${name} { ${[...leaves, ...edges].join(' ')} } __typename vonageId }
    fragment Some on VonageRecord { __typename id vonageId accountId direction occurredAt totalPrice isFinal raw rowId }
    fragment Unused on Query { a: records(ids: $ids) { idsNotFound } b: record(id: $id) { ...Some } c: _entities(representations: $references) { __typename } }`;
}

function variablesFor({ recordClass, product, direction }: RecordTypeEntry, plain: readonly string[]) {
  const globals = plain.map((vonageId, index) =>
    encodeGlobalId({
      accountId: 'abcd1234',
      product,
      direction: rulesOf(product).direction === 'required' ? direction : null,
      vonageId,
      rowKey: index % 3 === 2 ? 'a' : null,
    }),
  );
  const mixed = plain.map((id, index) => (index % 2 === 0 ? id : (globals[index] ?? id)));
  const references = globals.map((id) => ({ __typename: recordClass.name, id }));
  return {
    ids: plain.length % 2 === 0 ? globals : mixed,
    id: plain.length % 4 === 1 ? plain[0] : globals[0],
    references,
  };
}
