import fc from 'fast-check';
import { Direction, Product } from '../../src/catalogue/product.js';
import type { WireRow } from '../../src/records/base.js';
import { unconvertible } from '../../src/records/decode.js';
import { decodeGlobalId } from '../../src/records/global-id.js';
import type { FieldShape } from '../../src/records/record-types.js';
import { kindNamed, parseRow, type RecordKind, recordKinds } from './record-kinds.js';

const sms = kindNamed('SmsOutboundRecord');
const asr = kindNamed('AsrRecord');
const amd = kindNamed('AmdRecord');
const verifyApi = kindNamed('VerifyApiRecord');
const voiceCall = kindNamed('VoiceCallRecord');

/** The record of the vendor's "records by UUID" sample. */
const sampleSms: WireRow = {
  account_id: 'abcd1234',
  message_id: '15000000E1F8B123',
  client_ref: null,
  direction: 'outbound',
  from: 'Vonage APIs',
  to: '447700123456',
  network: '23410',
  network_name: 'Telefonica UK Limited',
  country: 'GB',
  country_name: 'United Kingdom',
  date_received: '2020-06-01T15:08:10+0000',
  date_finalized: '2020-06-01T15:08:11+0000',
  latency: '1366',
  status: 'delivered',
  error_code: '0',
  error_code_description: 'Delivered',
  currency: 'EUR',
  total_price: '0.03330000',
};

test("the vendor's sample is answered with all that it says", () => {
  expect(responded(sms, sampleSms)).toMatchObject({
    vonageId: '15000000E1F8B123',
    product: 'SMS',
    direction: 'OUTBOUND',
    accountId: 'abcd1234',
    rowId: null,
    occurredAt: '2020-06-01T15:08:10.000Z',
    totalPrice: '0.03330000',
    currency: 'EUR',
    isFinal: true,
    raw: sampleSms,
    clientRef: null,
    from: 'Vonage APIs',
    to: '447700123456',
    networkName: 'Telefonica UK Limited',
    dateFinalized: '2020-06-01T15:08:11.000Z',
    latency: 1366,
    status: 'DELIVERED',
    errorCode: '0',
    messageBody: null,
  });
});

describe('a value that is missing', () => {
  test.each(recordKinds)(
    '$name answers null for null, an empty text and no key alike',
    ({ shape, answer }) => {
      const names = shape.fields.flatMap((each) => each.wire);
      const [nulls, blanks] = [null, ''].map((value) =>
        Object.fromEntries(names.map((name) => [name, value])),
      );
      const read = shape.fields.filter((each) => each.wire.length > 0).map((each) => each.name);
      for (const row of [nulls, blanks, {}]) {
        const record = answer(row as WireRow).data?.record ?? {};
        expect(read.filter((name) => record[name] !== null)).toEqual([]);
      }
    },
  );

  test('under its first name is taken from its other name', () => {
    expect(responded(verifyApi, { verify_status: 'SUCCESS', price: '0.05' })).toMatchObject({
      status: 'SUCCESS',
      totalPrice: '0.05',
    });
    expect(
      responded(verifyApi, { status: '', verify_status: 'FAILED', total_price: null, price: '0.05' }),
    ).toMatchObject({ status: 'FAILED', totalPrice: '0.05' });
    expect(responded(verifyApi, { status: 'SUCCESS', verify_status: 'FAILED' }).status).toBe('SUCCESS');
  });
});

describe('a value of another type than usual', () => {
  test('numbers may come where texts are usual', () => {
    const row = { latency: 1366, total_price: 0.0333, to: 447700123456, error_code: 0, dcs: 8 };
    expect(responded(sms, row)).toMatchObject({
      latency: 1366,
      totalPrice: '0.0333',
      to: '447700123456',
      errorCode: '0',
      dcs: 8,
    });
  });

  test('texts may come where numbers and booleans are usual', () => {
    const texts = {
      amd_user_defined_beep_timeout: '45',
      amd_beep_detection_result: 'TRUE',
      amd_result_sent: 'false',
    };
    const natives = {
      amd_user_defined_beep_timeout: 45,
      amd_beep_detection_result: true,
      amd_result_sent: false,
    };
    const meaning = { amdUserDefinedBeepTimeout: 45, amdBeepDetectionResult: true, amdResultSent: false };
    expect(responded(amd, texts)).toMatchObject(meaning);
    expect(responded(amd, natives)).toMatchObject(meaning);
  });

  test('one that cannot be converted is null, named, and kept in `raw`; the rest of the row is answered', () => {
    const row = {
      latency: 'slow',
      total_price: 'free',
      date_received: 'soon',
      concatenated: 'maybe',
      to: '447700123456',
    };
    const record = responded(sms, row);
    expect(record).toMatchObject({ latency: null, totalPrice: null, dateReceived: null, concatenated: null });
    expect(record).toMatchObject({ to: '447700123456', raw: row });
    expect(unconvertible(row, sms.shape).toSorted()).toEqual(
      ['concatenated', 'dateReceived', 'latency', 'totalPrice'].toSorted(),
    );
  });

  test.each(['a b', '../x', 'a\r\nb', '', 'a'.repeat(65), 5, { a: 1 }])(
    'an account that is none, such as %j, is not the one of the record, whose edges would be asked there',
    (account_id) => {
      expect(sms.decode({ account_id }).accountId).toBe('abcd1234');
    },
  );

  test('is null to our own code too, and not undefined', () => {
    expect(sms.decode({ total_price: 'free' }).totalPrice).toBeNull();
  });

  test('nothing is named of a row that says nothing, or that says what it should', () => {
    expect(unconvertible({ latency: '', total_price: null }, sms.shape)).toEqual([]);
    expect(unconvertible(sampleSms, sms.shape)).toEqual([]);
  });

  test('a state that Vonage added later is UNRECOGNIZED, is not named, and its text is in `raw`', () => {
    const row = { status: 'teleported' };
    expect(responded(sms, row)).toMatchObject({ status: 'UNRECOGNIZED', raw: { status: 'teleported' } });
    expect(unconvertible(row, sms.shape)).toEqual([]);
  });
});

describe('keys that a row should not have', () => {
  const hostile = parseRow(`{
    "__proto__": { "to": "attacker", "status": "delivered", "account_id": "zzzz9999", "polluted": "yes" },
    "constructor": { "prototype": { "polluted": "yes" } },
    "prototype": { "polluted": "yes" },
    "hasOwnProperty": "no function",
    "toString": "no function",
    "message_id": "15000000E1F8B123"
  }`);

  test('answer no field', () => {
    const { raw, ...record } = responded(sms, hostile);
    expect(record).toMatchObject({
      messageId: '15000000E1F8B123',
      accountId: 'abcd1234',
      to: null,
      status: null,
    });
    expect(JSON.stringify(record)).not.toMatch(/attacker|zzzz9999|polluted|no function/);
  });

  test('change no prototype', () => {
    const record = sms.decode(hostile);
    expect(record).toBeInstanceOf(sms.entry.recordClass);
    expect(responded(sms, hostile).raw).toBeDefined();
    for (const each of [{}, record, sms.entry.recordClass.prototype]) {
      expect((each as Record<string, unknown>).polluted).toBeUndefined();
    }
  });

  test('answer no field even if a copy of the row made them its prototype', () => {
    const copy = Object.assign({}, hostile);
    expect(copy.to).toBe('attacker');
    expect(responded(sms, copy)).toMatchObject({ to: null, status: null, accountId: 'abcd1234' });
  });

  test('cannot stand in for what is derived', () => {
    const row = {
      raw: 'mine',
      origin: 'mine',
      isFinal: 'mine',
      vonageId: 'mine',
      occurredAt: 'mine',
      product: 'mine',
    };
    const record = responded(sms, row);
    expect(record).toMatchObject({
      vonageId: 'asked-id',
      product: 'SMS',
      isFinal: false,
      occurredAt: null,
      raw: row,
    });
  });

  test('stay in `raw`, all of them', () => {
    const extra = { ...sampleSms, brand_new_field: { nested: [1, null, 'x'] }, 'odd key!': false };
    expect(responded(sms, extra).raw).toEqual(extra);
    expect(Object.keys(responded(sms, hostile).raw as object)).toEqual(Object.keys(hostile));
  });
});

describe('what a record knows from where it was found', () => {
  test("the account asked, unless the row names one, as a subaccount's does", () => {
    expect(sms.decode({}).accountId).toBe('abcd1234');
    expect(sms.decode({ account_id: '' }).accountId).toBe('abcd1234');
    expect(sms.decode({ account_id: null }).accountId).toBe('abcd1234');
    expect(sms.decode({ account_id: 'efgh5678' }).accountId).toBe('efgh5678');
    expect(sms.decode({ account_id: ' efgh5678 ' }).accountId).toBe('efgh5678');
    expect(sms.decode({ account_id: 'nexmo-vapi-us-east-1' }).accountId).toBe('abcd1234');
  });

  test('the id asked, unless the row spells it', () => {
    expect(sms.decode({}).vonageId).toBe('asked-id');
    expect(sms.decode({ message_id: '15000000E1F8B123' }, { id: '15000000e1f8b123' }).vonageId).toBe(
      '15000000E1F8B123',
    );
    expect(voiceCall.decode({ id: 'row', call_id: '' }).vonageId).toBe('row');
    expect(sms.decode({ message_id: 7 }).vonageId).toBe('7');
    for (const message_id of ['a,b', 'a/b', ' ', 7.5, {}, 'x'.repeat(129)]) {
      expect(sms.decode({ message_id }).vonageId).toBe('asked-id');
    }
  });

  test('the direction asked, unless the row says one', () => {
    expect(voiceCall.decode({}, { direction: Direction.INBOUND }).direction).toBe('inbound');
    expect(voiceCall.decode({ direction: 'OUTBOUND' }, { direction: null }).direction).toBe('outbound');
    expect(voiceCall.decode({}, { direction: null }).direction).toBeNull();
  });

  test('no direction if the row says one that does not exist', () => {
    const untextable = parseRow('{"direction":{"toString":1,"valueOf":1}}');
    for (const row of [{ direction: 'sideways' }, { direction: 1 }, { direction: ['inbound'] }, untextable]) {
      expect(responded(voiceCall, row)).toMatchObject({ direction: null, raw: row });
    }
  });

  test('its age at the moment that was given', () => {
    const row = { date_received: '2026-01-05T08:00:00Z', status: 'submitted' };
    expect(sms.decode(row, { nowMs: Date.UTC(2026, 0, 8, 8) - 1 }).isFinal).toBe(false);
    expect(sms.decode(row, { nowMs: Date.UTC(2026, 0, 8, 8) }).isFinal).toBe(true);
  });
});

describe('the global id', () => {
  test('finds the record again: account asked, product, direction and id', () => {
    const row = { ...sampleSms, account_id: 'efgh5678', id: 'row-id' };
    expect(decodeGlobalId(sms.decode(row).id)).toEqual({
      accountId: 'abcd1234',
      product: Product.SMS,
      direction: Direction.OUTBOUND,
      vonageId: '15000000E1F8B123',
      rowKey: null,
    });
  });

  test('names no direction where none is needed, so that one record has one id', () => {
    const row = { call_id: 'aaaa-1', id: 'row', direction: 'inbound' };
    const asked = [null, ...Object.values(Direction)].map(
      (direction) => voiceCall.decode(row, { direction }).id,
    );
    expect(new Set(asked).size).toBe(1);
  });

  test('tells rows of one call apart', () => {
    const [first, second] = ['one', 'two'].map((id) => asr.decode({ call_id: 'aaaa-1', id }));
    expect(decodeGlobalId(first?.id ?? '')).toMatchObject({ vonageId: 'aaaa-1', rowKey: 'one' });
    expect(first?.id).not.toBe(second?.id);
  });

  test('names a row without an id of its own by what the row holds', () => {
    for (const id of ['', null, 'a,b', {}, '447700900123']) {
      const rowKey = expect.stringMatching(/^~[\w-]{16}$/);
      expect(decodeGlobalId(asr.decode({ call_id: 'aaaa-1', id }).id)).toMatchObject({ rowKey });
    }
  });

  test('holds no phone number that stands in the place of an id', () => {
    const row = { message_id: '447700900123' };
    expect(decodeGlobalId(sms.decode(row, { id: '15000000E1F8B123' }).id)).toMatchObject({
      vonageId: '15000000e1f8b123',
    });
  });
});

describe('no row, however hostile,', () => {
  test.each(recordKinds)('breaks $name: it decodes, and every field is answered', (kind) => {
    fc.assert(
      fc.property(hostileRow(kind), (json) => {
        const row = parseRow(json);
        const answer = kind.answer(row);
        expect(answer.errors).toBeUndefined();
        expect(answer.data?.record).toMatchObject({
          product: productName(kind),
          accountId: expect.any(String),
        });
        expect(() => unconvertible(row, kind.shape)).not.toThrow();
        expect(brokenPromises(kind, written(answer.data?.record))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a row that says what Vonage documents', () => {
  test.each(recordKinds)('is answered by $name with its meaning', (kind) => {
    fc.assert(
      fc.property(meaningfulRow(kind), (values) => {
        const row = Object.fromEntries(
          values.flatMap(({ name, wire }) => (wire === undefined ? [] : [[name, wire]])),
        );
        const record = responded(kind, row);
        expect(unconvertible(row, kind.shape)).toEqual([]);
        expect(record).toMatchObject({ ...meaningOf(kind, values), raw: row });
      }),
      { numRuns: 50 },
    );
  });
});

/** The record as a caller gets it: written as JSON and read again. */
function responded(kind: RecordKind, row: WireRow): Record<string, unknown> {
  const { data, errors } = kind.answer(row);
  expect(errors).toBeUndefined();
  return written(data?.record);
}

function written(record: Record<string, unknown> | undefined): Record<string, unknown> {
  return JSON.parse(JSON.stringify(record)) as Record<string, unknown>;
}

function productName({ entry }: RecordKind): string {
  return entry.product.replaceAll('-', '_');
}

/** Text of a JSON object with names that mean something, or that mean trouble, and any values. */
function hostileRow({ shape }: RecordKind): fc.Arbitrary<string> {
  const wireNames = shape.fields.flatMap((each) => each.wire);
  const trouble = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'toJSON',
    'then',
  ];
  const name = fc.oneof(
    { arbitrary: fc.constantFrom(...wireNames, 'account_id', 'direction'), weight: 8 },
    { arbitrary: fc.constantFrom(...trouble), weight: 1 },
    { arbitrary: fc.string(), weight: 1 },
  );
  const troubleValues = [
    '{"toString":1,"valueOf":1}',
    '{"toJSON":"no function"}',
    '{"__proto__":{"x":1}}',
    '[{"toString":1}]',
    '1e999',
    '-1e999',
    '-0',
    '5e-324',
    '123456789012345678901234567890',
    '"9999-12-31T23:59:59-14:00"',
    '"1e99"',
    '"\\u0000\\ud800"',
    `"${'9'.repeat(1000)}"`,
    JSON.stringify(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  ];
  const value = fc.oneof(
    fc.jsonValue().map((each) => JSON.stringify(each)),
    fc.string().map((each) => JSON.stringify(each)),
    fc.constantFrom(...troubleValues),
  );
  const member = fc.tuple(name, value).map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  return fc.array(member, { maxLength: 40 }).map((members) => `{${members.join()}}`);
}

/** The fields whose answer is not what their type promises; null is for all but those that every record has. */
function brokenPromises({ shape }: RecordKind, record: Record<string, unknown>): string[] {
  const needed = new Set(['id', 'vonageId', 'product', 'accountId', 'isFinal', 'raw']);
  const isKept = ({ name, kind }: FieldShape) =>
    record[name] === null ? !needed.has(name) : promises[kind](record[name]);
  return shape.fields.filter((each) => !isKept(each)).map((each) => each.name);
}

const promises: Readonly<Record<FieldShape['kind'], (value: unknown) => boolean>> = {
  ID: (value) => typeof value === 'string' && value !== '',
  String: (value) => typeof value === 'string' && value !== '',
  Int: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  Boolean: (value) => typeof value === 'boolean',
  DateTime: (value) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(String(value)),
  Decimal: (value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value),
  JSONObject: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  Enum: (value) => typeof value === 'string' && /^[A-Z][A-Z0-9_]*$/.test(value),
};

/** A value on the wire, and what a caller should read; `wire` is undefined where the key is left out. */
interface Meaningful {
  readonly name: string;
  readonly wire: unknown;
  readonly meaning: unknown;
}

function meaningfulRow({ shape }: RecordKind): fc.Arbitrary<Meaningful[]> {
  const names = new Map(shape.fields.flatMap((field) => field.wire.map((name) => [name, field] as const)));
  return fc.tuple(...[...names].map(([name, field]) => meaningful(name, field)));
}

function meaningful(name: string, field: FieldShape): fc.Arbitrary<Meaningful> {
  const absent = fc.constantFrom(null, '', undefined).map((wire) => ({ wire, meaning: null }));
  return fc
    .oneof({ arbitrary: absent, weight: 1 }, { arbitrary: present(field), weight: 4 })
    .map((each) => ({ name, ...each }));
}

/** What a caller should read in each field: the meaning of the first of its names that is there. */
function meaningOf({ shape }: RecordKind, values: readonly Meaningful[]): Record<string, unknown> {
  const present = new Map(
    values.filter((each) => each.meaning !== null).map((each) => [each.name, each.meaning]),
  );
  const read = shape.fields.filter((each) => each.wire.length > 0);
  return Object.fromEntries(
    read.map(({ name, wire }) => [name, present.get(wire.find((each) => present.has(each)) ?? '') ?? null]),
  );
}

type WireAndMeaning = Omit<Meaningful, 'name'>;

function present(field: FieldShape): fc.Arbitrary<WireAndMeaning> {
  switch (field.kind) {
    case 'Int':
      return fc.tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.boolean()).map(([each, quoted]) => ({
        wire: quoted ? String(each) : each,
        meaning: each,
      }));
    case 'Boolean':
      return fc.constantFrom(
        ...(['TRUE', 'true', true] as const).map((wire) => ({ wire, meaning: true })),
        ...(['FALSE', 'false', false] as const).map((wire) => ({ wire, meaning: false })),
      );
    case 'DateTime':
      return moment();
    case 'Decimal':
      return fc.stringMatching(/^(0|[1-9]\d{0,6})\.\d{1,8}$/).map((each) => ({ wire: each, meaning: each }));
    case 'JSONObject':
      return fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((each) => ({
        wire: JSON.stringify(each),
        meaning: JSON.parse(JSON.stringify(each)) as unknown,
      }));
    case 'Enum':
      return enumValue(field);
    default:
      return fc
        .string({ minLength: 1 })
        .filter((each) => each.trim() !== '')
        .map((each) => ({ wire: each, meaning: field.privacy === 'content' ? each : each.trim() }));
  }
}

function moment(): fc.Arbitrary<WireAndMeaning> {
  const second = fc.integer({ min: Date.UTC(2015, 0) / 1000, max: Date.UTC(2035, 0) / 1000 });
  const zone = fc.constantFrom('+0000', '+00:00', 'Z', '.000Z', '');
  return fc.tuple(second, zone).map(([each, written]) => {
    const iso = new Date(each * 1000).toISOString();
    return { wire: `${iso.slice(0, 19)}${written}`, meaning: iso };
  });
}

/** GraphQL's names are the documented values in capitals, with underscores for what a name cannot hold. */
function enumValue({ enumValues }: FieldShape): fc.Arbitrary<WireAndMeaning> {
  const known = enumValues.map((wire) => ({ wire, meaning: wire.toUpperCase().replaceAll(' ', '_') }));
  return fc.constantFrom(...known, { wire: 'never heard of', meaning: 'UNRECOGNIZED' });
}

test("columns that show Vonage's own cost reach no caller, not even in `raw`", () => {
  const row = {
    message_id: 'A1',
    route_cost: '0.01',
    hlr_lookup_cost: '0.002',
    gateway: 'x',
    brand_new: 'y',
  };
  expect(kindNamed('SmsOutboundRecord').decode(row).raw).toEqual({ message_id: 'A1', brand_new: 'y' });
  expect(kindNamed('VerifyV2Record').decode({ channel: 'v2' }).raw).toEqual({ channel: 'v2' });
});

test('both spellings of the requested product are read', () => {
  const usage = kindNamed('ReportsUsageRecord');
  expect(usage.decode({ requested_product: 'SMS' })).toMatchObject({ requestedProduct: 'SMS' });
  expect(usage.decode({ request_product: 'SMS' })).toMatchObject({ requestedProduct: 'SMS' });
});

test.each([
  ['SmsOutboundRecord', { status: 'Delivered ' }, 'Delivered'],
  ['VerifyApiRecord', { verify_status: 'IN PROGRESS' }, 'IN PROGRESS'],
  ['WebSocketCallRecord', { status: 200 }, '200'],
  ['AmdRecord', {}, null],
])('the status of %s is the text that Vonage sent', (name, row, status) => {
  expect(kindNamed(name).decode(row)).toMatchObject({ vonageStatus: status });
});
