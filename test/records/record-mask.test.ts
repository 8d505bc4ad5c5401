import fc from 'fast-check';
import { GatewayError } from '../../src/errors.js';
import { fullVisibility } from '../../src/records/record-mask.js';
import { kindNamed, recordKinds } from './record-kinds.js';

const nothing = { numbers: false, content: false };
const sms = kindNamed('SmsOutboundRecord');

const row = {
  account_id: 'abcd1234',
  message_id: '15000000E1F8B123',
  from: 'Acme',
  to: '447700900123',
  forced_from: 447700900456,
  ip_address: '203.0.113.7',
  client_ref: 'call back on 447700900789',
  message_body: 'The code is 4711, or call 447700900321.',
  status: 'delivered',
  total_price: '0.03330000',
  future_key: 'whatever Vonage adds, such as 447700900000',
};

test('a caller with all scopes gets the unchanged row', () => {
  expect(sms.decode(row, { sees: fullVisibility }).raw).toBe(row);
});

describe('a caller without records:numbers', () => {
  const record = sms.decode(row, { sees: { ...nothing, content: true } });

  test('sees numbers, addresses and names masked, also inside the text of a message, and all else as it is', () => {
    expect(record).toMatchObject({
      from: '***',
      to: '44********23',
      forcedFrom: '44********56',
      ipAddress: '***',
      clientRef: '*** 44********89',
      messageBody: 'The code is 4711, or call 44********21.',
      status: 'delivered',
      totalPrice: '0.03330000',
      vonageId: '15000000E1F8B123',
    });
  });

  test('sees the same in `raw`, without keys that no field stands for', () => {
    expect(record.raw).toEqual({
      account_id: 'abcd1234',
      message_id: '15000000E1F8B123',
      from: '***',
      to: '44********23',
      forced_from: '44********56',
      ip_address: '***',
      client_ref: '*** 44********89',
      message_body: 'The code is 4711, or call 44********21.',
      status: 'delivered',
      total_price: '0.03330000',
    });
  });
});

describe('a caller without records:content', () => {
  const record = sms.decode(row, { sees: { ...nothing, numbers: true } });

  test('gets an error for the text of a message, not null', () => {
    const { messageBody } = record as unknown as { messageBody: unknown };
    expect(messageBody).toBeInstanceOf(GatewayError);
    expect(messageBody).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('sees numbers as they are, and `raw` without the text', () => {
    expect(record).toMatchObject({ to: '447700900123' });
    expect(record.raw).not.toHaveProperty('message_body');
    expect(record.raw).not.toHaveProperty('future_key');
  });
});

test.each(recordKinds.map((kind) => [kind.name, kind] as const))(
  'no personal value of a %s shows, in no field and not in `raw`, whatever it is',
  (_name, kind) => {
    const personal = kind.shape.fields
      .filter(({ privacy }) => privacy === 'personal' || privacy === 'content')
      .flatMap(({ wire }) => wire);
    const secret = 'planted-447700900123-planted';
    const planted = fc.constantFrom<unknown>(secret, { a: [secret] }, [secret], { [secret]: 1 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('x', 'unknown', '__proto__', 'constructor'), planted),
        planted,
        (more, value) => {
          const hostile = { ...more, ...Object.fromEntries(personal.map((key) => [key, value])) };
          const record = kind.decode(hostile, { sees: nothing });
          const shown = kind.shape.fields.map(
            ({ name }) => (record as unknown as Record<string, unknown>)[name],
          );
          expect(JSON.stringify([shown, record.raw])).not.toContain('planted');
        },
      ),
      { numRuns: 25 },
    );
  },
);

test.each([
  ['Ada Lovelace', '***'],
  ['Order 4711 of Ada Lovelace', '*** 4711 ***'],
  ['order-4711', 'order-4711'],
  ['7b109636-1a05-11eb-bad9-38f9d3316493', '7b109636-1a05-11eb-bad9-38f9d3316493'],
  ['ada@example.com 4711', '*** 4711'],
  ['ADA', '***'],
  [4711, 4711],
  [447_700_900_123, '44********23'],
  [true, '***'],
  [['Ada'], null],
])('of a reference %j only words with a digit are left: %j', (reference, shown) => {
  const record = sms.decode({ ...row, client_ref: reference }, { sees: nothing });
  expect(record.raw).toHaveProperty('client_ref', shown);
  const error = sms.decode({ ...row, error_code_description: reference }, { sees: nothing });
  expect(error.raw).toHaveProperty('error_code_description', shown);
});

describe('a field that no mark calls personal', () => {
  const record = (more: object) =>
    sms.decode({ ...row, ...more }, { sees: nothing }) as unknown as Record<string, unknown>;

  test.each([
    ['status', 'status', 'handed to 447700900123', null, '***'],
    ['status', 'status', 'Lovelace', null, '***'],
    ['network_name', 'networkName', 'via 447700900123', 'via 44********23', 'via 44********23'],
    ['network_name', 'networkName', 447_700_900_123, '44********23', '44********23'],
    ['udh', 'udh', '050003447700900123', '050*************23', '050*************23'],
    ['validity_period', 'validityPeriod', '260102135000000+', '260**********00+', '260**********00+'],
    ['network', 'network', ['447700900123'], null, null],
    ['total_price', 'totalPrice', '447700900123', null, null],
    ['latency', 'latency', 'Ada Lovelace', null, null],
    ['date_received', 'dateReceived', 'Ada Lovelace', null, null],
    ['id', 'rowId', '+447700900123', '44********23', '44********23'],
    ['workflow_id', 'workflowId', 'Ada Lovelace', '***', '***'],
  ])('%s passes the number mask', (wire, field, value, shown, inRaw) => {
    const masked = record({ [wire]: value });
    expect(masked.raw).toHaveProperty(wire, inRaw);
    if (field === 'status') expect(masked).toMatchObject({ status: 'UNRECOGNIZED', vonageStatus: inRaw });
    else expect(masked[field]).toBe(shown);
  });

  test.each([
    ['status', 'delivered'],
    ['network', '23410'],
    ['network_name', 'Vodafone 4 GmbH'],
    ['id', '1500000012345678'],
    ['id', '7b1091b8-1a05-11eb-bad9-389123456789'],
    ['total_price', '0.03330000'],
    ['latency', 945000],
    ['date_received', '2026-01-02T13:50:00+0000'],
  ])('%s shows an ordinary value: %s', (wire, value) => {
    expect(record({ [wire]: value }).raw).toHaveProperty(wire, value);
  });

  test('account, direction and product stay present where they are none, and say nothing', () => {
    const { raw } = record({ account_id: ['Ada'], direction: 'to Ada', product: { name: 'Ada' } });
    expect(raw).toMatchObject({ account_id: '***', direction: '***', product: '***' });
  });
});

test('masking changes nothing of the row that others share', () => {
  const copy = structuredClone(row);
  sms.decode(row, { sees: nothing });
  expect(row).toEqual(copy);
});
