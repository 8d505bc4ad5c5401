import {
  dailyLimitWarnings,
  explainListenError,
  openFilesLimit,
  openFilesObstacle,
  processWarnings,
  StartError,
} from '../../src/bootstrap/startup-checks.js';
import { readConfig } from '../../src/config/config.js';
import { startTestGateway } from '../support/start-gateway.js';

describe('an address that the gateway cannot listen on is told in words', () => {
  test.each([
    ['203.0.113.7', /^HOST must be an address of this machine, got "203\.0\.113\.7": no network interface/],
    ['nowhere.invalid', /^HOST must be an address of this machine or a name of one, got "nowhere\.invalid"/],
  ])('%s', async (host, message) => {
    const start = startTestGateway({ config: { http: { host } } });
    await expect(start).rejects.toThrow(StartError);
    await expect(start).rejects.toThrow(message);
  });

  test('also the address for metrics, by its own settings', async () => {
    await using gateway = await startTestGateway({ config: { admin: { port: 0 } } });
    const port = Number(new URL(gateway.adminUrl ?? '').port);
    const second = startTestGateway({ config: { admin: { port } } });
    await expect(second).rejects.toThrow(`ADMIN_PORT must be a free port, got ${port}`);
  });

  test('any other error stays as it is', async () => {
    const address = { host: '127.0.0.1', port: 4000, hostSetting: 'HOST', portSetting: 'PORT' };
    const defect = new Error('a defect');
    await expect(explainListenError(address, () => Promise.reject(defect))).rejects.toBe(defect);
  });
});

describe('the limit of open files', () => {
  test('is the one of this process', () => {
    expect(openFilesLimit()).toBeGreaterThanOrEqual(256);
  });

  test('stops the start where the modules cannot load', () => {
    expect(openFilesObstacle(255)).toMatch(/255 open files, and the gateway needs at least 256/);
    expect([256, Infinity, undefined].map((limit) => openFilesObstacle(limit))).toEqual(
      Array(3).fill(undefined),
    );
  });

  test('is a warning where it is too low for MAX_CONNECTIONS', () => {
    expect(processWarnings({ maxConnections: 1000 }, 1099, '24.0.0')).toEqual([
      expect.stringMatching(/1099 open files, .* the 1000 connections of MAX_CONNECTIONS/),
    ]);
    for (const limit of [1100, Infinity])
      expect(processWarnings({ maxConnections: 1000 }, limit, '24.0.0')).toEqual([]);
  });
});

test('a version of Node.js without security fixes is a warning at the start', () => {
  const warnings = (node: string) => processWarnings({ maxConnections: 1 }, Infinity, node);
  expect(warnings('20.20.2')).toEqual([
    expect.stringMatching(/^Node\.js 20\.20\.2 has had no security fixes/),
  ]);
  expect(warnings('22.0.0')).toEqual([]);
  expect(warnings('24.11.1')).toEqual([]);
});

describe('a daily limit that a restart forgets is a warning at the start', () => {
  const own = { VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: 'secret of the key' };
  const warnings = (environment: Record<string, string>) =>
    dailyLimitWarnings(readConfig({ NODE_ENV: 'test', ...environment }));

  test.each<[string, Record<string, string>, RegExp]>([
    ['of all callers', { ...own, MAX_RECORDS_PER_DAY: '500' }, /of MAX_RECORDS_PER_DAY anew.* Set REDIS_URL/],
    [
      'of callers with keys of their own',
      { AUTH_MODE: 'basic', CALLER_RECORDS_PER_DAY: '500' },
      /of CALLER_RECORDS_PER_DAY anew.* AUTH_MODE=basic shares nothing/,
    ],
  ])('%s', (_whose, environment, words) => {
    expect(warnings(environment)).toEqual([expect.stringMatching(words)]);
  });

  test('but not where Redis keeps the count, or where no limit is set', () => {
    expect(warnings({ ...own, MAX_RECORDS_PER_DAY: '500', REDIS_URL: 'redis://127.0.0.1:6379' })).toEqual([]);
    expect(warnings(own)).toEqual([]);
  });
});
