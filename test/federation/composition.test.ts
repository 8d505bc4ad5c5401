import { readFileSync } from 'node:fs';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithGuild } from '@theguild/federation-composition';
import { federateSubgraphs } from '@wundergraph/composition';
import { Kind, parse } from 'graphql';
import { crmTypeDefs } from '../../examples/federation/crm.js';
import { ordersTypeDefs } from '../../examples/federation/orders.js';
import { composeSupergraph } from '../../examples/federation/supergraph.js';
import { breakingChanges } from '../../scripts/supergraph-changes.js';

const read = (path: string) => readFileSync(path, 'utf8');
const records = read('schema/subgraph.graphql');

/** What a composer remarks without failing, and why that is right; anything else fails. */
const acceptedHints: readonly { readonly hint: RegExp; readonly because: string }[] = [
  {
    hint: /^\[INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE\]: Type of field "VerifyApiRecord\.accountId" .* subtype "ID!" in subgraph "orders"/,
    because:
      'a team that keeps an account with each order always has it; behind a router we may have nothing',
  },
];

function unaccepted(hints: readonly unknown[] = []): string[] {
  return hints.map(String).filter((each) => !acceptedHints.some(({ hint }) => hint.test(each)));
}

function subgraphs(...others: readonly (readonly [string, string])[]) {
  return [['records', records] as const, ...others].map(([name, sdl]) => ({
    name,
    url: `http://127.0.0.1/${name}`,
    typeDefs: parse(sdl),
  }));
}

const graph = subgraphs(['orders', ordersTypeDefs], ['crm', crmTypeDefs]);

describe('the subgraph composes, alone and with others that extend it,', () => {
  const graphs = [
    ['alone', subgraphs()],
    ['with the subgraphs of the example', graph],
  ] as const;

  test.each(graphs)('with @apollo/composition, %s', (_how, services) => {
    const { errors, hints, supergraphSdl } = composeWithApollo([...services]);
    expect(errors).toBeUndefined();
    expect(unaccepted(hints)).toEqual([]);
    expect(supergraphSdl).toContain('join__type(graph: RECORDS');
  });

  test.each(graphs)('with @theguild/federation-composition, %s', (_how, services) => {
    const result = composeWithGuild([...services]);
    expect(result.errors).toBeUndefined();
    expect(result.supergraphSdl).toContain('join__type(graph: RECORDS');
  });

  test.each(graphs)('with @wundergraph/composition, %s', (_how, services) => {
    const result = federateSubgraphs({
      subgraphs: services.map(({ typeDefs, ...each }) => ({ ...each, definitions: typeDefs })),
      version: '1',
    });
    const { errors, warnings } = result as { errors?: Error[]; warnings: Error[] };
    expect(errors).toBeUndefined();
    expect(unaccepted(warnings)).toEqual([]);
  });
});

describe('the committed supergraph', () => {
  const committed = read('schema/supergraph.graphql');
  const fields = parse(committed).definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (type.fields ?? []).map((field) => ({
          place: `${type.name.value}.${field.name.value}`,
          name: field.name.value,
          directives: field.directives?.map((each) => each.name.value) ?? [],
        }))
      : [],
  );
  const fieldsWith = (directive: string) =>
    fields.filter(({ directives }) => directives.includes(directive)).map(({ place }) => place);

  test('is what the committed subgraphs compose to', () => {
    expect(composeSupergraph(records)).toBe(committed);
  });

  test('does not have what only this gateway can answer: a graph may have a node of its own', () => {
    const places = fields.map(({ place }) => place);
    expect(places.filter((place) => /^Query\.nodes?$/.test(place))).toEqual([]);
    expect(places).toContain('Query.records');
  });

  test('marks personal data, so that a contract can cut it out', () => {
    const marked = fieldsWith('tag');
    expect(marked).toEqual(
      expect.arrayContaining([
        'SmsOutboundRecord.to',
        'SmsInboundRecord.messageBody',
        'NumberInsightRecord.lastName',
        'VonageRecord.raw',
      ]),
    );
    const personal = fields.filter(({ name }) =>
      /^(to|from|raw|messageBody|.*Name|number|msisdn)$/.test(name),
    );
    const unmarked = personal.map(({ place }) => place).filter((place) => !marked.includes(place));
    expect(unmarked.filter((place) => !/(country|network|feature|product)Name$/.test(place))).toEqual([]);
  });

  test.each([
    ['a removed field', '  statusCode: String\n', '  another: String\n'],
    ['another type of a field', '  duration: Int\n', '  duration: String\n'],
    ['a renamed field', '  smsRecord(', '  textMessage('],
    ['a value that may be missing now', 'results: [RecordResult!]!', 'results: [RecordResult!]'],
    ['a removed value of a list', '  DEQUEUED\n', '  ANOTHER\n'],
  ])('is not replaced by one with %s', async (_what, before, after) => {
    expect(records.includes(before)).toBe(true);
    const changed = composeSupergraph(records.replace(before, after));
    expect(await breakingChanges(committed, changed)).not.toEqual([]);
  });

  test('is not replaced when a key that others use is gone: they do not compose any more', () => {
    expect(() => composeSupergraph(records.replaceAll(' @key(fields: "messageId")', ''))).toThrow(
      /messageId/,
    );
    expect(() => composeSupergraph(records.replaceAll(' @key(fields: "id")', ''))).toThrow(/Record/);
  });

  test('may be replaced by one with more', async () => {
    const more = records.replace('  duration: Int\n', '  duration: Int\n  durationMs: Int\n');
    expect(await breakingChanges(committed, composeSupergraph(more))).toEqual([]);
  });
});

test('routers cannot learn list sizes from ids: a slicing argument must be a number', () => {
  const sized = records.replace(
    '): RecordLookup\n',
    '): RecordLookup @listSize(slicingArguments: ["ids"])\n',
  );
  const { errors } = composeWithApollo([{ name: 'records', url: '', typeDefs: parse(sized) }]);
  expect(errors?.join()).toMatch(/Slicing argument .* must be Int/);
});
