import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { audience, Issuer } from '../access/issuer.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { until } from '../support/until.js';
import { reply } from '../vonage/upstream.js';

const sms = '15000000E1F8B123';
const operation = `{ record(id: "${sms}", product: SMS, direction: OUTBOUND) { vonageId ... on SmsOutboundRecord { to } } }`;

let clock: ManualClock;
let issuer: Issuer;
let gateway: TestGateway;
const log: string[] = [];
const auth = () =>
  ({
    mode: 'jwt',
    jwtJwksUrl: `${issuer.url}/jwks.json`,
    jwtIssuer: issuer.url,
    jwtAudience: audience,
    jwtAlgorithms: ['ES256'],
  }) as const;
const linesWith = (text: string) => log.filter((line) => line.includes(text)).map((line) => JSON.parse(line));

beforeEach(async () => {
  clock = new ManualClock();
  issuer = await Issuer.start(clock);
  gateway = await startTestGateway({ clock, log, config: { auth: auth() } });
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const askWith = (token: string) => gateway.ask(operation, {}, { authorization: `Bearer ${token}` });
const inAnHour = () => Math.floor(clock.now() / 1000) + 3600;

test('a caller with a token of the issuer sees what its scopes allow', async () => {
  const pending = askWith(await issuer.token({ scope: 'records:read' }));
  await until(async () => {
    await clock.advance(10);
    return gateway.simulator.log.calls.length === 1;
  });
  const { data, errors } = await pending;
  expect(errors).toEqual([]);
  expect(data.record).toEqual({ vonageId: sms, to: expect.stringMatching(/\*/) });
});

describe('S38: a token is refused, and nothing is sent, when it', () => {
  const claims = () => ({
    sub: 'billing',
    iss: issuer.url,
    aud: audience,
    scope: 'records:read',
    exp: inAnHour(),
  });
  const forged: [string, () => Promise<string>][] = [
    ['has no signature', async () => new UnsecuredJWT(claims()).encode()],
    [
      'is signed with the public key as a password',
      async () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', kid: issuer.key.kid })
          .sign(new TextEncoder().encode(await exportSPKI(issuer.key.publicKey))),
    ],
    ['has expired', () => issuer.token({ exp: Math.floor(clock.now() / 1000) - 60 })],
    ['is for another service', () => issuer.token({ aud: 'another-service' })],
    ['is of another issuer', () => issuer.token({ iss: 'https://another.test' })],
    ['has no subject', () => issuer.token({ sub: undefined })],
    ['opens products that do not exist', () => issuer.token({ vonage_products: ['FAX'] })],
  ];
  test.each(forged)('%s', async (_what, tokenOf) => {
    const { status, headers, errors } = await askWith(await tokenOf());
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(gateway.simulator.log.calls).toEqual([]);
  });

  test('names an unknown key: 200 such tokens fetch the keys once', async () => {
    const storm = Array.from({ length: 200 }, async (_, index) => {
      const header = { alg: 'ES256', kid: `unknown-${index}` };
      return askWith(await new SignJWT(claims()).setProtectedHeader(header).sign(issuer.key.privateKey));
    });
    expect(new Set((await Promise.all(storm)).map(({ status }) => status))).toEqual(new Set([401]));
    expect(issuer.fetches).toBe(1);
  });
});

test('refused tokens leave one line a minute for each reason, which quotes nothing of them', async () => {
  for (let time = 0; time < 5; time += 1) {
    await askWith(await issuer.token({ aud: 'another-service' }));
    await askWith(await issuer.tokenWith({ typ: 'id+jwt' }));
  }
  const reasons = () => linesWith('refused requests').map(({ reason, requests }) => [reason, requests]);
  expect(reasons()).toEqual([
    ['ERR_JWT_CLAIM_VALIDATION_FAILED aud', 1],
    ['typ', 1],
  ]);
  await clock.advance(60_000);
  await askWith(await issuer.tokenWith({ typ: 'id+jwt' }));
  expect(reasons().at(-1)).toEqual(['typ', 5]);
  expect(log.join()).not.toMatch(/another-service|id\+jwt|eyJ/);
});

test('a reload keeps the keys while the key server is away, and the log tells the outage and its end', async () => {
  const status = async (authorization: string) =>
    (await gateway.ask('{ __typename }', {}, { authorization: `Bearer ${authorization}` })).status;
  expect(await status(await issuer.token())).toBe(200);
  const healthy = issuer.answer;
  issuer.answer = reply(503, 'down');
  gateway.reload({ auth: { ...auth(), callerIdsPerSecond: 10 } });
  expect(await status(await issuer.token())).toBe(200);
  await clock.advance(60_000);
  expect(await status(await issuer.token())).toBe(503);
  issuer.answer = healthy;
  await clock.advance(5000);
  expect(await status(await issuer.token())).toBe(200);
  expect(linesWith('keys of the token issuer').map(({ reason = 'back' }) => reason)).toEqual([
    'status 503',
    'back',
  ]);
});

test('while the keys cannot be fetched, a caller gets a retryable error and not UNAUTHENTICATED', async () => {
  issuer.answer = reply(500, 'down');
  const { status, headers, errors } = await askWith(await issuer.token({}));
  expect([status, errors[0]?.extensions.code]).toEqual([503, 'AUTHENTICATION_UNAVAILABLE']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});
