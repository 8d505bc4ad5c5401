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
  expect(written({ pauseMs: 1000 }, ['short'])).toMatch(/"pauseMs":1000/);
  expect(written({ text: 'a short word' }, ['short'])).toContain('a short word');
});
