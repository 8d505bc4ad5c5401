import fc from 'fast-check';
import { type Converter, converterFor, isAbsent } from '../../src/records/convert.js';
import type { FieldKind } from '../../src/records/record-types.js';

const decimal = converterOf('Decimal');
const int = converterOf('Int');
const boolean = converterOf('Boolean');
const text = converterOf('String');
const object = converterOf('JSONObject');
const status = converterOf('Enum', ['delivered', 'SUCCESS', 'Video Session', 'UNRECOGNIZED']);

/** An object that every attempt to turn into text throws at; JSON can hold one. */
const untextable = JSON.parse('{"toString": 1, "valueOf": 1}') as unknown;

describe('a value that Vonage left out', () => {
  test.each([undefined, null, '', ' ', '\t\n'])('%p counts as absent', (value) => {
    expect(isAbsent(value)).toBe(true);
  });

  test.each([0, false, '0', ' x ', 'null', [], {}])('%p is there', (value) => {
    expect(isAbsent(value)).toBe(false);
  });
});

describe('a price', () => {
  test.each(['0.03330000', '0.00000001', '0', '12', '-0.0500', '12345678901234567890.12345678', '007.50'])(
    '%s keeps every digit that Vonage wrote',
    (wire) => {
      expect(decimal(wire)).toBe(wire);
    },
  );

  test('loses a plus sign, which the Decimal scalar does not have', () => {
    expect(decimal('+1.50')).toBe('1.50');
  });

  test.each([
    [0.0333, '0.0333'],
    [12, '12'],
    [3.33e-7, '0.000000333'],
    [1e21, '1000000000000000000000'],
    [-2.5e-9, '-0.0000000025'],
  ])('sent as the number %p is %s', (wire, exact) => {
    expect(decimal(wire)).toBe(exact);
  });

  test.each([
    ['3.33e-2', '0.0333'],
    ['1E3', '1000'],
    ['1.5e+1', '15'],
    ['-1.5e-3', '-0.0015'],
    ['12.50e1', '125'],
    ['0e5', '0'],
    ['100e-2', '1'],
    ['0.001e3', '1'],
  ])('with an exponent, %s, is written out as %s', (wire, exact) => {
    expect(decimal(wire)).toBe(exact);
  });

  test('with any exponent means the same number when it is written out', () => {
    const digits = fc.stringMatching(/^[0-9]{1,12}$/);
    const fraction = fc.option(fc.stringMatching(/^[0-9]{1,12}$/), { nil: '' });
    const exponent = fc.integer({ min: -99, max: 99 });
    fc.assert(
      fc.property(fc.constantFrom('', '-', '+'), digits, fraction, exponent, (sign, whole, part, power) => {
        const written = decimal(`${sign}${whole}${part && `.${part}`}e${power}`) as string;
        expect(written).toMatch(/^-?\d+(\.\d+)?$/);
        const meant = BigInt(`${sign === '-' ? '-' : ''}${whole}${part}`);
        expect(scaled(written, 120)).toBe(meant * 10n ** BigInt(120 + power - part.length));
      }),
    );
  });

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    'NaN',
    'Infinity',
    '-Infinity',
    ' ',
    '1,500',
    '1,500,000',
    '1,',
    ',',
    '.',
    '1 000',
    '0x10',
    '1.',
    '--1',
    '1e',
    '1.2.3',
    'free',
    '0.05 EUR',
    '٣',
    true,
    [1],
    ['0.05'],
    { amount: '0.05' },
    untextable,
  ])('is not made of %p', (wire) => {
    expect(decimal(wire)).toBeUndefined();
  });

  test.each(['9'.repeat(65), '1e100', '1e-100', 1e300, 5e-324, '1e999999999'])(
    'as absurd as %p is left to `raw` instead of being written out',
    (wire) => {
      expect(decimal(wire)).toBeUndefined();
    },
  );
});

test.each([
  ['.0333', '0.0333'],
  ['-.5', '-0.5'],
  ['0,0333', '0.0333'],
  [',05', '0.05'],
  ['12,50', '12.50'],
  [' 0.0333 ', '0.0333'],
])('the price %p means %p: a comma that cannot separate thousands is a point', (wire, meaning) => {
  expect(decimal(wire)).toBe(meaning);
});

describe('a count, latency or duration', () => {
  test.each([
    ['1.5', 2],
    [1.4, 1],
    ['0.99999999999999999999', 1],
    ['-0.2', 0],
    ['1e-1', 0],
    [' 12 ', 12],
    ['1366', 1366],
    [1366, 1366],
    ['0', 0],
    ['-5', -5],
    ['+7', 7],
    ['007', 7],
    ['1366.0', 1366],
    ['1.366e3', 1366],
    ['2147483647', 2_147_483_647],
    [-2_147_483_647, -2_147_483_647],
  ])('%p is the number %p', (wire, number) => {
    expect(int(wire)).toBe(number);
  });

  test.each([
    '2147483648',
    2 ** 31,
    '-9999999999',
    '9'.repeat(400),
    1e300,
    '2147483647.5',
    '12 s',
    'many',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    [],
    ['1'],
    {},
    untextable,
  ])('%p is none that a GraphQL Int can hold exactly', (wire) => {
    expect(int(wire)).toBeUndefined();
  });
});

describe('a flag', () => {
  test.each(['TRUE', 'true', 'True', true])('%p is true', (wire) => {
    expect(boolean(wire)).toBe(true);
  });

  test.each(['FALSE', 'false', 'False', false])('%p is false', (wire) => {
    expect(boolean(wire)).toBe(false);
  });

  test.each([0, 1, '0', '1', 'yes', 'no', 't rue', [true], {}, untextable])('%p is neither', (wire) => {
    expect(boolean(wire)).toBeUndefined();
  });
});

describe('a text or an id', () => {
  test.each([
    ['Vonage APIs', 'Vonage APIs'],
    [' Vonage APIs\n', 'Vonage APIs'],
    ['00044', '00044'],
    [447700123456, '447700123456'],
    [0, '0'],
    [true, 'true'],
  ])('%p is %p', (wire, meaning) => {
    expect(text(wire)).toBe(meaning);
    expect(converterOf('ID')(wire)).toBe(meaning);
  });

  test.each([[['a']], [{}], [{ toString: 'a' }], [untextable]])('is not made of %p', (wire) => {
    expect(text(wire)).toBeUndefined();
  });
});

describe('an object', () => {
  const object = converterOf('JSONObject');

  test.each([
    ['{requestId=ab-12, conversationEventId=5}', { requestId: 'ab-12', conversationEventId: '5' }],
    ['{requestId=a=b, note=one, two}', { requestId: 'a=b', note: 'one, two' }],
    ['{"requestId":"ab-12"}', { requestId: 'ab-12' }],
    [' {"a":1} ', { a: 1 }],
  ])('%p is read, as JSON or as a printed map', (wire, meaning) => {
    expect(object(wire)).toEqual(meaning);
  });

  test.each(['{}=', '{=5}', '{a}', '{a={b=1}}', 'a=5', '{a=1', '[1]'])('is not made of %p', (wire) => {
    expect(object(wire)).toBeUndefined();
  });
});

test('what a person wrote keeps its blanks', () => {
  const body = { name: 'messageBody', wire: ['message_body'], kind: 'String', enumValues: [] } as const;
  expect(converterFor({ ...body, privacy: 'content' })(' Yes. ')).toBe(' Yes. ');
  expect(converterFor({ ...body, privacy: 'plain' })(' Yes. ')).toBe('Yes.');
});

describe('a value of a closed list', () => {
  test.each([
    ['delivered', 'delivered'],
    ['DELIVERED', 'delivered'],
    ['success', 'SUCCESS'],
    ['video session', 'Video Session'],
    ['delivered ', 'delivered'],
  ])('%p is known in any case, as %p', (wire, known) => {
    expect(status(wire)).toBe(known);
  });

  test.each(['teleported', 'de livered', 200, true, '__proto__', 'constructor', 'toString', 'unrecognized'])(
    '%p that is not on the list is UNRECOGNIZED',
    (wire) => {
      expect(status(wire)).toBe('UNRECOGNIZED');
    },
  );

  test.each([[['delivered']], [{ status: 'delivered' }], [untextable]])('is not made of %p', (wire) => {
    expect(status(wire)).toBeUndefined();
  });

  test('is nothing when it is unknown and the list has no UNRECOGNIZED', () => {
    const direction = converterOf('Enum', ['inbound', 'outbound']);
    expect(direction('INBOUND')).toBe('inbound');
    expect(direction('sideways')).toBeUndefined();
  });
});

describe('a JSON object', () => {
  test.each([
    ['{"ticket":"7","nested":{"list":[1,null]}}', { ticket: '7', nested: { list: [1, null] } }],
    [{ ticket: '7' }, { ticket: '7' }],
    ['{}', {}],
  ])('%p is read', (wire, meaning) => {
    expect(object(wire)).toEqual(meaning);
  });

  test.each(['[]', '["a"]', 'null', '7', '"text"', '{"cut', 'plain text', 7, true, [[]], undefined])(
    'is not made of %p',
    (wire) => {
      expect(object(wire)).toBeUndefined();
    },
  );

  test('keeps a __proto__ key as data, and changes no prototype', () => {
    const read = object('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(read.admin).toBeUndefined();
  });

  test('nested deeper than an answer can be written is left to `raw`', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(JSON.stringify(object(nested(50)))).toBe(nested(50));
    expect(object(nested(100_000))).toBeUndefined();
    expect(object(JSON.parse(nested(100_000)))).toBeUndefined();
  });
});

test('nothing that JSON can hold makes a converter throw', () => {
  const kinds: readonly FieldKind[] = [
    'ID',
    'String',
    'Int',
    'Boolean',
    'DateTime',
    'Decimal',
    'JSONObject',
    'Enum',
  ];
  const value = fc.oneof(fc.jsonValue(), fc.string(), fc.double(), fc.constant(untextable));
  fc.assert(
    fc.property(fc.constantFrom(...kinds), value, (kind, wire) => {
      expect(() => converterOf(kind, ['delivered', 'UNRECOGNIZED'])(wire)).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});

function converterOf(kind: FieldKind, enumValues: readonly string[] = []): Converter {
  return converterFor({ name: 'field', wire: ['field'], kind, enumValues, privacy: null });
}

/** A decimal text as a whole number of 10^-places. */
function scaled(written: string, places: number): bigint {
  const [whole = '', fraction = ''] = written.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}
