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

test('it is described as the library describes it', () => {
  expect(DateTime.name).toBe('DateTime');
  expect(DateTime.description).toBe(GraphQLDateTime.description);
});

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as Error).message;
  }
}
