import { pino } from 'pino';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { UpstreamEngines } from '../../src/bootstrap/upstream-engines.js';
import { readConfig } from '../../src/config/config.js';
import { ManualClock } from '../support/manual-clock.js';

/** The log of engines that start with this base URL. */
async function loggedFor(baseUrl: string): Promise<string> {
  const lines: string[] = [];
  const clock = new ManualClock();
  const stack = new UpstreamEngines({
    config: readConfig({ VONAGE_BASE_URL: baseUrl, VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: 'secret' }),
    servedSchema: await buildServedSchema(),
    clock,
    logger: pino({}, { write: (line: string) => void lines.push(line) }),
    random: () => 0,
    cacheBytes: 0,
  });
  await stack.close();
  return lines.join('');
}

test('warns when calls to Vonage do not use https', async () => {
  expect(await loggedFor('http://reports.example.test')).toContain('VONAGE_BASE_URL does not use https');
});

test.each(['https://reports.example.test', 'http://127.0.0.1:4100', 'http://localhost:4100'])(
  'does not warn about %s, which the network cannot read',
  async (baseUrl) => {
    expect(await loggedFor(baseUrl)).toBe('');
  },
);
