import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../support/make-certificate.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { TestRedis } from '../support/start-redis.js';
import { until } from '../support/until.js';

const admin = { port: 0 };
const sms = (id: string) => `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`;
const warnings = (log: readonly string[]) =>
  log.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);

async function metric(gateway: TestGateway, sample: string): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return Number(line?.slice(sample.length));
}

/** What six lookups of different ids show when no call reaches Vonage. */
async function unreachable(baseUrl: string) {
  const log: string[] = [];
  await using gateway = await startTestGateway({ log, config: { admin, vonage: { baseUrl } } });
  const codes = [];
  for (let index = 0; index < 6; index += 1)
    codes.push((await gateway.ask(sms(`id-${index}`))).errors[0]?.extensions.code);
  const isOpen = await metric(gateway, `vonage_circuit_open{host="${new URL(baseUrl).host}"}`);
  return { codes, isOpen, warnings: warnings(log) };
}

const codes = Array(6).fill('UPSTREAM_UNAVAILABLE');

test('a host name that does not resolve opens the breaker, and the warning names the cause', async () => {
  expect(await unreachable('https://reports.invalid')).toMatchObject({
    ...{ codes, isOpen: 1 },
    warnings: [
      {
        msg: expect.stringContaining('circuit breaker open'),
        reason: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      },
    ],
  });
});

const openssl = findService('openssl');
(openssl ? test : test.skip)(
  'a certificate that is not trusted opens the breaker, and the warning names the cause',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    makeCertificate(openssl ?? '', folder);
    const [key, cert] = ['key.pem', 'certificate.pem'].map((file) => readFileSync(join(folder, file)));
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const reason = 'DEPTH_ZERO_SELF_SIGNED_CERT';
    expect(await unreachable(`https://127.0.0.1:${port}`)).toMatchObject({
      ...{ codes, isOpen: 1 },
      warnings: [{ msg: expect.stringContaining('circuit breaker open'), reason }],
    });
    server.close();
    await rm(folder, { recursive: true });
  },
);

const redisProgram = findService('redis-server');
const describeWithRedis = redisProgram ? describe : describe.skip;

describeWithRedis('Redis', () => {
  /** Breaks a Redis that a gateway uses, and returns the warnings. */
  async function broken(breakIt: (redis: TestRedis) => unknown): Promise<object[]> {
    await using redis = await TestRedis.start(redisProgram ?? '');
    const log: string[] = [];
    await using gateway = await startTestGateway({ log, config: { admin, redis: { url: redis.url } } });
    await until(async () => (await metric(gateway, 'redis_up')) === 1);
    await breakIt(redis);
    let id = 0;
    const lookUp = () => gateway.ask(sms(`id-${id++}`));
    await until(async () => {
      expect((await lookUp()).errors).toEqual([]);
      const isLocal = (await metric(gateway, 'rate_limiter_mode{mode="local"}')) === 1;
      return isLocal && (await metric(gateway, 'redis_up')) === 0 && warnings(log).length >= 2;
    });
    redis.thaw();
    return warnings(log);
  }
  const lost = (reason: unknown) =>
    expect.objectContaining({ msg: expect.stringContaining('Redis is lost'), reason });
  const local = expect.objectContaining({
    msg: expect.stringContaining('Redis does not answer'),
    mode: 'local',
  });

  test('that is gone costs no lookup, and is one warning of the cache and one of the limiter', async () => {
    const seen = await broken((redis) => redis.kill());
    expect(seen).toEqual(expect.arrayContaining([lost(expect.any(String)), local]));
    expect(seen).toHaveLength(2);
  });

  test('that hangs costs no lookup, and is one warning of the cache and one of the limiter', async () => {
    const seen = await broken((redis) => redis.freeze());
    const slow = expect.objectContaining({
      msg: expect.stringContaining('Redis is slow'),
      reason: 'no reply in time',
    });
    expect(seen).toEqual(expect.arrayContaining([slow, local]));
  });

  test('with another password costs no lookup, and the warning names the refusal', async () => {
    const seen = await broken(async ({ client }) => {
      await client.config('SET', 'requirepass', 'another');
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    });
    expect(seen).toEqual(expect.arrayContaining([lost(expect.any(String)), local]));
    expect(JSON.stringify(seen)).toContain('NOAUTH');
  });
});
