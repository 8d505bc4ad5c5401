import fc from 'fast-check';
import { GraphQLError, Kind } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { DateTime } from '../../src/records/scalars.js';

test('a time in UTC goes out as it is', () => {
  expect(DateTime.serialize('2020-06-01T15:08:10.000Z')).toBe('2020-06-01T15:08:10.000Z');
});

test.each([
  '',
  'soon',
  '2020-06-01',
  '2020-06-01T15:08:10Z',
  '2020-06-01T15:08:10.000+00:00',
  '2020-06-01T15:08:10.000Z\n',
  1591024090000,
  new Date(0),
  null,
  {},
])('%p does not go out, since no decoder makes it', (value) => {
  expect(() => DateTime.serialize(value)).toThrow(GraphQLError);
});

test('what comes in is read as the library reads it', () => {
  const texts = fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.oneof(texts, fc.integer(), fc.constant(null)), (value) => {
      expect(outcome(() => DateTime.parseValue(value))).toEqual(
        outcome(() => GraphQLDateTime.parseValue(value)),
      );
    }),
  );
  const literal = { kind: Kind.STRING, value: '2020-02-30T10:00:00Z' } as const;
  expect(() => DateTime.parseLiteral(literal)).toThrow(GraphQLError);
});

test('it names the specification of times that other subgraphs use, and shows an example', () => {
  expect(DateTime.name).toBe('DateTime');
  expect(DateTime.specifiedByURL).toBe('https://scalars.graphql.org/andimarek/date-time');
  expect(DateTime.description).toContain('2026-11-27T15:08:10.000Z');
});

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as Error).message;
  }
}
