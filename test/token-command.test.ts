import { tokenList } from '../src/access/grants.js';
import { TokenAuthenticator } from '../src/access/token-authenticator.js';
import { tokenCommand, UsageError } from '../src/command-line.js';
import { ManualClock } from './support/manual-clock.js';

test('the token that is printed opens the gateway with the entry that is printed', async () => {
  const text = tokenCommand(['billing']);
  const [, token = ''] = /^ {2}([\w-]{43})$/m.exec(text) ?? [];
  const [, entry = ''] = /^ {2}(\{.*\})$/m.exec(text) ?? [];
  const authenticator = new TokenAuthenticator({
    tokens: tokenList.parse({ tokens: [JSON.parse(entry)] }),
    defaultAccountId: 'abcd1234',
    limits: { idsPerSecond: undefined, recordsPerDay: undefined },
    clock: new ManualClock(),
  });
  expect(authenticator.authenticate(`Bearer ${token}`)).toMatchObject({ name: 'billing' });
  expect(entry).not.toContain(token);
});

test('no two tokens are equal', () => {
  expect(tokenCommand(['billing'])).not.toBe(tokenCommand(['billing']));
});

test.each([[[]], [['']], [['two', 'words']], [['a b']], [['ä']], [['x'.repeat(65)]]])(
  'anything but one valid name is a usage error: %j',
  (words) => {
    expect(() => tokenCommand(words)).toThrow(UsageError);
    expect(() => tokenCommand(words)).toThrow('Usage: vonage-records-gateway token NAME');
  },
);
