import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-problems.js';
import { Simulator, simulatorCredentials } from '../../src/simulator/simulator.js';
import { Credentials } from '../../src/vonage/credentials.js';
import { Gate } from '../support/gate.js';
import { ask, startTestGateway } from '../support/start-gateway.js';
import { startProcess } from '../support/start-process.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const sms = '15000000E1F8B123';
const lookup = (id: string) => `{ record(id: "${id}", product: SMS, direction: OUTBOUND) { vonageId } }`;
const key = { ...simulatorCredentials, accountIds: [simulatorCredentials.apiKey] };
const newSecret = 'the secret of today';

describe('when the secret of the key at Vonage changes', () => {
  test('no request is lost: requests in flight are sent again with the new secret', async () => {
    await using gateway = await startTestGateway();
    const { simulator } = gateway;
    const gate = new Gate();
    let held = 0;
    simulator.faults.gate = () => {
      held += 1;
      return held === 1 ? gate.opened : Promise.resolve();
    };
    const first = gateway.ask(lookup(sms));
    await until(() => held === 1);
    simulator.keys.accept({ ...key, apiSecret: newSecret });
    gateway.reload({ vonage: { apiSecret: newSecret } });
    const second = gateway.ask(lookup('unknown-id'));
    gate.open();
    expect((await first).data).toEqual({ record: { vonageId: sms } });
    expect((await second).errors).toEqual([]);
  });

  test('a request that Vonage rejected with the old secret succeeds with the new one', async () => {
    const log: string[] = [];
    await using gateway = await startTestGateway({ log });
    gateway.simulator.keys.accept({ ...key, apiSecret: newSecret });
    expect((await gateway.ask(lookup(sms))).errors[0]?.extensions.code).toBe('UPSTREAM_UNAUTHORIZED');
    gateway.reload({ vonage: { apiSecret: newSecret } });
    expect((await gateway.ask(lookup(sms))).data).toEqual({ record: { vonageId: sms } });
    expect(log.join()).not.toContain(newSecret);
  });
});

test('the cached responses of an account are dropped with its key', async () => {
  const accountKeys = (account: string) =>
    new Map([[account, new Credentials(simulatorCredentials.apiKey, simulatorCredentials.apiSecret)]]);
  const none = { apiKey: undefined, apiSecret: undefined };
  const vonage = { ...none, accountKeys: accountKeys('abcd1234') };
  await using gateway = await startTestGateway({ config: { vonage, cache: { maxBytes: 1_000_000 } } });
  for (let time = 0; time < 4; time += 1)
    expect((await gateway.ask(lookup(sms))).data).toEqual({ record: { vonageId: sms } });
  expect(gateway.simulator.log.calls).toHaveLength(1);
  gateway.reload({ vonage: { ...none, accountKeys: accountKeys('another') } });
  const { data, errors } = await gateway.ask(lookup(sms));
  expect([data, errors.map(({ message }) => message)]).toEqual([
    { record: null },
    ['accountId names an account that this gateway has no key for.'],
  ]);
});

describe('when the tokens change', () => {
  test('a new one opens, and one that was withdrawn does not, from the next request on', async () => {
    await using gateway = await startTestGateway({ config: tokensFor({ old: {} }) });
    expect((await gateway.ask(lookup(sms), {}, authorizationOf('old'))).status).toBe(200);
    gateway.reload(tokensFor({ new: {} }));
    expect((await gateway.ask(lookup(sms), {}, authorizationOf('old'))).status).toBe(401);
    expect((await gateway.ask(lookup(sms), {}, authorizationOf('new'))).status).toBe(200);
  });

  test('a cached response of a caller is not served after the caller lost rights', async () => {
    const operation = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { ... on SmsOutboundRecord { to } } }`;
    await using gateway = await startTestGateway({
      config: { cache: { maxBytes: 1_000_000 }, ...tokensFor({ reader: {} }) },
    });
    const toOf = async () => (await gateway.ask(operation, {}, authorizationOf('reader'))).data.record.to;
    for (let time = 0; time < 3; time += 1) expect(await toOf()).toMatch(/^\d+$/);
    gateway.reload(tokensFor({ reader: { scopes: ['records:read'] } }));
    expect(await toOf()).toMatch(/\*/);
  });

  test('an admitted operation of a removed caller continues', async () => {
    await using gateway = await startTestGateway({ config: tokensFor({ old: {} }) });
    const gate = new Gate();
    let held = 0;
    gateway.simulator.faults.gate = () => {
      held += 1;
      return gate.opened;
    };
    const answer = gateway.ask(lookup(sms), {}, authorizationOf('old'));
    await until(() => held === 1);
    gateway.reload(tokensFor({ new: {} }));
    gate.open();
    expect((await answer).data).toEqual({ record: { vonageId: sms } });
  });
});

test('a router secret that was changed counts from the next request on', async () => {
  const secrets = ['the first secret of the router', 'the second secret of the router'] as const;
  await using gateway = await startTestGateway({ config: { graphql: { routerSecret: secrets[0] } } });
  const statusWith = async (secret: string) =>
    (await gateway.ask('{ _service { sdl } }', {}, { 'x-router-secret': secret })).status;
  expect(await Promise.all(secrets.map(statusWith))).toEqual([200, 403]);
  gateway.reload({ graphql: { routerSecret: secrets[1] } });
  expect(await Promise.all(secrets.map(statusWith))).toEqual([403, 200]);
});

test('an invalid configuration changes nothing, and its errors are logged without secrets', async () => {
  const log: string[] = [];
  await using gateway = await startTestGateway({ config: tokensFor({ old: {} }), log });
  gateway.reloadWith(() => {
    throw new ConfigError(['AUTH_TOKENS_FILE must be JSON.']);
  });
  expect((await gateway.ask(lookup(sms), {}, authorizationOf('old'))).status).toBe(200);
  expect(log.join()).toContain('AUTH_TOKENS_FILE must be JSON.');
});

describe('the process', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Writes a file as a mounted secret is replaced: whole, or not at all. */
  async function replace(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
    return path;
  }
  const tokensText = (caller: string) => {
    const [entry] = tokensFor({ [caller]: {} }).auth.tokens;
    return JSON.stringify({ tokens: [entry] });
  };

  test.each(['by itself', 'on SIGHUP'])('applies changed files %s', async (how) => {
    const { shapes } = await buildServedSchema();
    await using simulator = await Simulator.start({ shapes });
    await using gateway = await startProcess({
      VONAGE_API_KEY: key.apiKey,
      VONAGE_API_SECRET_FILE: await replace('secret', key.apiSecret),
      VONAGE_BASE_URL: simulator.url,
      AUTH_MODE: 'token',
      AUTH_TOKENS_FILE: await replace('tokens.json', tokensText('old')),
    });
    expect((await ask(gateway.url, lookup(sms), {}, authorizationOf('old'))).data).toEqual({
      record: { vonageId: sms },
    });
    simulator.keys.accept({ ...key, apiSecret: newSecret });
    await replace('secret', newSecret);
    await replace('tokens.json', tokensText('new'));
    if (how === 'on SIGHUP') gateway.kill('SIGHUP');
    await until(
      async () => (await ask(gateway.url, '{ __typename }', {}, authorizationOf('new'))).status === 200,
    );
    expect((await ask(gateway.url, lookup('unknown'), {}, authorizationOf('new'))).errors).toEqual([]);
    expect((await ask(gateway.url, lookup(sms), {}, authorizationOf('old'))).status).toBe(401);
  });
});

test('every file that was read is watched', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const path = join(folder, 'secret');
  await writeFile(path, 'a secret of the router');
  expect(readConfig({ ROUTER_SECRET_FILE: path }).files).toEqual([path]);
  await rm(folder, { recursive: true });
});
