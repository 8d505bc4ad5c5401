import { inspect } from 'node:util';
import { pino } from 'pino';
import { Credentials } from '../../src/vonage/credentials.js';

const apiSecret = 's3cr3t-of-the-account';
const credentials = new Credentials('abcd1234', apiSecret);

test('are sent as HTTP Basic: the key as user, the secret as password', () => {
  expect(credentials.authorization).toBe(`Basic ${btoa(`abcd1234:${apiSecret}`)}`);
});

test('may hold any character', () => {
  const [scheme, encoded = ''] = new Credentials('abcd1234', 'pä:ss wörd€').authorization.split(' ');
  expect(scheme).toBe('Basic');
  expect(Buffer.from(encoded, 'base64').toString()).toBe('abcd1234:pä:ss wörd€');
});

test('derive keys that follow from key, secret and purpose, and show none of them', () => {
  const derived = credentials.deriveKey('purpose');
  expect(derived).toHaveLength(32);
  expect(new Credentials('abcd1234', apiSecret).deriveKey('purpose')).toEqual(derived);
  for (const other of [
    credentials.deriveKey('another purpose'),
    new Credentials('efgh5678', apiSecret).deriveKey('purpose'),
    new Credentials('abcd1234', `${apiSecret}!`).deriveKey('purpose'),
  ])
    expect(other).not.toEqual(derived);
});

test('tell whose they are', () => {
  expect(credentials.apiKey).toBe('abcd1234');
  expect(inspect(credentials)).toBe('Credentials(abcd1234)');
});

describe('never show the secret', () => {
  test.each<[string, () => unknown]>([
    ['when they are inspected', () => inspect(credentials)],
    [
      'when everything about them is inspected',
      () => inspect(credentials, { showHidden: true, getters: true, depth: null }),
    ],
    [
      'when their own way of being inspected is ignored',
      () => inspect(credentials, { customInspect: false, showHidden: true }),
    ],
    [
      'inside something that is inspected',
      () => inspect({ lane: { credentials } }, { depth: null, getters: true }),
    ],
    ['as JSON', () => JSON.stringify({ credentials })],
    ['as text', () => `${String(credentials)} ${credentials}`],
    [
      'when they are copied',
      () => JSON.stringify([{ ...credentials }, structuredClone(credentials), Object.entries(credentials)]),
    ],
    [
      'in a log line',
      () => logLine({ credentials, err: Object.assign(new Error('failed'), { credentials }) }),
    ],
  ])('%s', (_, show) => {
    const shown = String(show());
    expect(shown).not.toContain(apiSecret);
    expect(shown).not.toContain(btoa(`abcd1234:${apiSecret}`));
  });
});

test('keep the secret out of reach of the code that carries them', () => {
  const reachable = Object.getOwnPropertyNames(credentials).map((name) => Reflect.get(credentials, name));
  expect(reachable).toEqual(['abcd1234']);
});

function logLine(content: object): string {
  const lines: string[] = [];
  pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }).error(
    content,
    'a call failed',
  );
  return lines.join('\n');
}
