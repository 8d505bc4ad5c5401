import { createLogger } from '../src/logger.js';

const secret = 'correct "horse" \\ battery';

/** What a logger wrote of an event. */
function written(event: object, secrets: readonly string[] = [secret]): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  createLogger({ level: 'info', secrets: () => secrets, destination }).info(event, 'an event');
  return lines.join('');
}

describe('a secret is not written', () => {
  test.each([
    ['in an error', { err: new Error(`could not reach redis://user:${secret}@127.0.0.1`) }],
    ['in the cause of an error', { err: new Error('failed', { cause: new Error(secret) }) }],
    ['in a key', { [secret]: true }],
    ['in a list', { tried: [[secret]] }],
    ['as a whole value', { secret }],
  ])('%s', (_where, event) => {
    const line = written(event);
    expect(line).not.toContain('battery');
    expect(line).toContain('[concealed]');
    expect(() => JSON.parse(line)).not.toThrow();
  });

  test.each(['authorization', 'cookie', 'x-router-secret'])('where a caller sends it, as %s', (name) => {
    expect(written({ req: { headers: { [name]: 'a secret token' } } })).not.toContain('secret token');
  });
});

test('a secret that was changed is concealed from then on', () => {
  const secrets = ['the first one'];
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', secrets: () => secrets, destination });
  secrets.push('the second one');
  logger.info('the second one');
  expect(lines.join()).not.toContain('the second one');
});

test('what is no secret is written as it is', () => {
  expect(written({ pauseMs: 1000 }, ['1000', 'pause'])).toMatch(/"pauseMs":1000/);
  expect(written({ text: 'shortly after a shore' }, ['short', 'a sho', ''])).toContain(
    'shortly after a shore',
  );
  expect(written({ AUTH_MODE: 'basic', HOST: 'x', note: 'bearer' })).toContain(
    '"AUTH_MODE":"basic","HOST":"x","note":"bearer"',
  );
});

describe('a short secret is not written', () => {
  test.each([
    ['as a whole value', { text: 'k3y' }],
    ['in a URL', { url: 'redis://user:k3y@127.0.0.1:6379' }],
    ['in an error', { err: new Error('WRONGPASS k3y') }],
    ['in a list', { tried: [['k3y']] }],
  ])('%s', (_where, event) => {
    const line = written(event, ['k3y', 'a.b*', 'long enough']);
    expect(line).not.toContain('k3y');
    expect(JSON.parse(line)).toMatchObject({ level: 30, msg: 'an event' });
  });

  test('also with characters that mean something in a pattern, and not where the pattern would match', () => {
    expect(written({ text: 'one a.b* and axb' }, ['a.b*'])).toContain('one [concealed] and axb');
    expect(written({ text: 'one [x] (y' }, ['[x]', '(y'])).toContain('one [concealed] [concealed]');
  });
});

describe('credentials of a caller are not written', () => {
  test.each([
    ['Basic YTpi', 'YTpi'],
    ['basic a-key:short', 'short'],
    ['Bearer x', 'x'],
    ['authorization: Bearer abc.def-ghi_jkl~+/=', 'abc'],
    ['curl -H "Authorization: Bearer t0k3n" https://example.com', 't0k3n'],
    ['?header=Bearer%20t0k3n&x=1', 't0k3n'],
    ['BEARER\n  t0k3n', 't0k3n'],
    ['Bearer "t0k3n"', 't0k3n'],
    ["two: Basic Zm9v, then Bearer 'YmFy'", 'Zm9v'],
  ])('wherever they stand: %s', (text, credentials) => {
    for (const event of [{ text }, { err: new Error(text) }, { deep: [{ text }] }, { [text]: 1 }]) {
      const line = written(event, []);
      expect(line).toContain('[concealed]');
      expect(line.replace(/"(type|stack)":"[^"]*"/, '')).not.toMatch(
        new RegExp(`(?<![a-z])${credentials}(?![a-z])`, 'i'),
      );
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });
});
