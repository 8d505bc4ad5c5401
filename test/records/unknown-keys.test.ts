import { unknownKeys } from '../../src/records/record-types.js';
import { kindNamed, parseRow, recordKinds } from './record-kinds.js';

const sms = kindNamed('SmsOutboundRecord');
const verifyApi = kindNamed('VerifyApiRecord');

test.each(recordKinds)('no documented key of $name is unknown, under any of its names', ({ shape }) => {
  const names = ['account_id', 'direction', 'product', ...shape.fields.flatMap((field) => field.wire)];
  expect(unknownKeys(Object.fromEntries(names.map((name) => [name, ''])), shape)).toEqual([]);
});

test('keys that Vonage added are named, whatever they hold', () => {
  const row = {
    message_id: 'A1',
    brand_new: 'x',
    carbon_grams: null,
    '': 1,
    accountId: 'camel case is not on the wire',
  };
  expect(unknownKeys(row, sms.shape)).toEqual(['brand_new', 'carbon_grams', '', 'accountId']);
});

test('the name of a field of another type is unknown', () => {
  expect(unknownKeys({ verify_status: 'SUCCESS', message_id: 'A1' }, verifyApi.shape)).toEqual([
    'message_id',
  ]);
});

test('keys of every object are unknown like others, and none is made up', () => {
  const row = parseRow('{"__proto__":{"to":"attacker"},"constructor":1,"to":"447700123456"}');
  expect(unknownKeys(row, sms.shape)).toEqual(['__proto__', 'constructor']);
  expect(unknownKeys({}, sms.shape)).toEqual([]);
});
