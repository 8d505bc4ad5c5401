import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import {
  JwtAuthenticator,
  type JwtAuthenticatorOptions,
  jwtClockSkewMs,
} from '../../src/access/jwt-authenticator.js';
import { SigningKeys, type SigningKeysOptions } from '../../src/access/signing-keys.js';
import { Product } from '../../src/catalogue/product.js';
import { ManualClock } from '../support/manual-clock.js';
import { reply } from '../vonage/upstream.js';
import { audience, Issuer } from './issuer.js';

const unauthenticated = {
  code: 'UNAUTHENTICATED',
  message:
    'The Authorization header holds no valid JWT. Send it as `Bearer <JWT>`, signed by the configured issuer for this gateway and not expired.',
};
const unavailable = { code: 'AUTHENTICATION_UNAVAILABLE' };

let clock: ManualClock;
let issuer: Issuer;
let authenticator: JwtAuthenticator;

beforeEach(async () => {
  clock = new ManualClock();
  issuer = await Issuer.start(clock);
  authenticator = authenticatorOf();
});
afterEach(() => issuer[Symbol.asyncDispose]());

function signingKeys(options: Partial<SigningKeysOptions> = {}): SigningKeys {
  return new SigningKeys({ url: `${issuer.url}/jwks.json`, clock, ...options });
}

function authenticatorOf(options: Partial<JwtAuthenticatorOptions> = {}): JwtAuthenticator {
  return new JwtAuthenticator({
    keys: signingKeys(),
    issuer: issuer.url,
    audience,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    types: ['JWT', 'at+jwt'],
    maxLifetimeSeconds: 3600,
    defaultAccountId: 'main-account',
    limits: { idsPerSecond: 50, recordsPerDay: undefined },
    clock,
    ...options,
  });
}

const ask = (token: string, by = authenticator) => by.authenticate(`Bearer ${token}`);
const askWith = async (claims: Readonly<Record<string, unknown>>) => ask(await issuer.token(claims));

describe('a signed token identifies its caller', () => {
  test('by its subject, with the default account, all products and the default limits', async () => {
    const caller = await askWith({});
    expect(caller.name).toBe('jwt:billing');
    expect(caller.accounts).toEqual(['main-account']);
    expect(caller.defaultAccountId).toBe('main-account');
    expect(caller.readable([Product.SMS, Product.VOICE_CALL])).toEqual([Product.SMS, Product.VOICE_CALL]);
    expect(caller.limits).toEqual({ idsPerSecond: 50, recordsPerDay: undefined });
  });

  test.each<[string, Record<string, unknown>]>([
    ['scope', { scope: 'openid records:read explain' }],
    ['scope as a list', { scope: ['openid', 'records:read', 'explain'] }],
    ['scp as a list', { scope: undefined, scp: ['openid', 'records:read', 'explain'] }],
    ['scp as text', { scope: undefined, scp: 'openid records:read explain' }],
    ['scope before scp', { scope: 'records:read explain', scp: ['introspect', 'records:numbers'] }],
  ])('with the scopes of %s that the gateway knows', async (_where, claims) => {
    const caller = await askWith(claims);
    expect(
      ['records:read', 'explain', 'introspect', 'records:numbers', 'records:content'].map((scope) =>
        caller.has(scope as 'explain'),
      ),
    ).toEqual([true, true, false, false, false]);
  });

  test('with no right when it has no scope', async () => {
    expect((await askWith({ scope: undefined })).has('records:read')).toBe(false);
  });

  test('with the accounts, products and limits that it names', async () => {
    const caller = await askWith({
      vonage_accounts: ['abcd1234', 'efgh5678'],
      vonage_products: ['SMS', 'VOICE_CALL'],
      ids_per_second: 3,
      records_per_day: 1000,
    });
    expect(caller.accounts).toEqual(['abcd1234', 'efgh5678']);
    expect(caller.defaultAccountId).toBe('abcd1234');
    expect(caller.readable([Product.SMS, Product.ASR, Product.VOICE_CALL])).toEqual([
      Product.SMS,
      Product.VOICE_CALL,
    ]);
    expect(caller.limits).toEqual({ idsPerSecond: 3, recordsPerDay: 1000 });
  });

  test('with any account, and the gateway’s own as the default', async () => {
    const caller = await askWith({ vonage_accounts: 'any' });
    expect(caller.mayReadAccount('whatever')).toBe(true);
    expect(caller.defaultAccountId).toBeUndefined();
  });

  test.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('signed with %s', async (alg) => {
    await issuer.rotate(alg);
    expect(await ask(await issuer.token(), authenticatorOf({ algorithms: [alg] }))).toMatchObject({
      name: 'jwt:billing',
    });
  });

  test.each([undefined, 'JWT', 'jwt', 'at+jwt', 'application/AT+JWT'])('of the type %s', async (typ) => {
    expect(await ask(await issuer.tokenWith({ typ }))).toMatchObject({ name: 'jwt:billing' });
  });

  test('issued by a clock that is a few seconds ahead, and valid for as long as is allowed', async () => {
    const iat = clock.now() / 1000 + 5;
    expect(await askWith({ iat, exp: iat + 3600 })).toMatchObject({ name: 'jwt:billing' });
  });

  test('when one of several audiences is the gateway', async () => {
    expect(await askWith({ aud: ['others', audience] })).toMatchObject({ name: 'jwt:billing' });
  });
});

describe('UNAUTHENTICATED with one and the same message is a token', () => {
  test.each<[string, Record<string, unknown>]>([
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject that is no string', { sub: 42 }],
    ['with a subject that would break a log line', { sub: 'a\nb' }],
    ['without an expiry', { exp: undefined }],
    ['whose expiry is no number', { exp: 'never' }],
    ['of another audience', { aud: 'others' }],
    ['without an audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://others.test' }],
    ['without an issuer', { iss: undefined }],
    ['that is not valid yet', { nbf: Date.UTC(2026, 0, 11) / 1000 }],
    ['whose scope is neither a string nor a list', { scope: { 'records:read': true } }],
    ['whose scopes are no strings', { scope: [1] }],
    ['whose scp is neither a string nor a list', { scp: { 'records:read': true } }],
    ['whose accounts are no list', { vonage_accounts: 'abcd1234' }],
    ['whose accounts are null', { vonage_accounts: null }],
    ['whose list of accounts is empty', { vonage_accounts: [] }],
    ['whose accounts include a malformed account id', { vonage_accounts: ['abcd1234', 'a/b'] }],
    ['whose products are unknown', { vonage_products: ['SMS', 'FAX'] }],
    ['whose products are spelled as on the wire', { vonage_products: ['VOICE-CALL'] }],
    ['whose products are null', { vonage_products: null }],
    ['whose list of products is empty', { vonage_products: [] }],
    ['whose limit of ids is a string', { ids_per_second: '10' }],
    ['whose limit of ids is 0', { ids_per_second: 0 }],
    ['whose limit of records is a fraction', { records_per_day: 1.5 }],
    ['whose limit of records is negative', { records_per_day: -1 }],
  ])('%s', async (_what, claims) => {
    await expect(askWith(claims)).rejects.toMatchObject(unauthenticated);
  });

  test.each(['id+jwt', 'logout+jwt', 'dpop+jwt', 'application/id+jwt', '', ' JWT'])(
    'of the type %j, which is for something else',
    async (typ) => {
      await expect(ask(await issuer.tokenWith({ typ }))).rejects.toMatchObject(unauthenticated);
    },
  );

  test('without a type, where only access tokens are allowed', async () => {
    const strict = authenticatorOf({ types: ['at+jwt'] });
    await expect(ask(await issuer.tokenWith({}), strict)).rejects.toMatchObject(unauthenticated);
    await expect(ask(await issuer.tokenWith({ typ: 'at+jwt' }), strict)).resolves.toBeDefined();
  });

  const now = Date.UTC(2026, 0, 10) / 1000;
  test.each<[string, Record<string, unknown>]>([
    ['issued in the future', { iat: now + 6 }],
    ['whose time of issue is no number', { iat: 'yesterday' }],
    ['that lives longer than is allowed', { iat: now, exp: now + 3601 }],
    ['that lives longer than is allowed, most of it in the past', { iat: now - 3600, exp: now + 60 }],
    ['that lives longer than is allowed and does not say when it was issued', { exp: now + 3601 }],
  ])('%s', async (_what, claims) => {
    await expect(askWith(claims)).rejects.toMatchObject(unauthenticated);
  });

  test('that has expired, beyond the allowed clock skew', async () => {
    const token = await issuer.token();
    await clock.advance(60_000 + jwtClockSkewMs - 1000);
    await expect(ask(token)).resolves.toMatchObject({ name: 'jwt:billing' });
    await clock.advance(1000);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
    await expect(ask(token, authenticatorOf())).rejects.toMatchObject(unauthenticated);
  });

  test('without a signature', async () => {
    const token = new UnsecuredJWT(issuer.claims()).encode();
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
    await expect(ask(`${token}AAAA`)).rejects.toMatchObject(unauthenticated);
    expect(issuer.fetches).toBe(0);
  });

  test('signed with the public key as a shared secret', async () => {
    await issuer.rotate('RS256');
    const { kid, publicKey } = issuer.key;
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const token = await new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
    // The authenticator must also reject it when the configuration allows the algorithm despite its type.
    const careless = authenticatorOf({ algorithms: ['HS256' as 'RS256'] });
    await expect(ask(token, careless)).rejects.toMatchObject(unauthenticated);
  });

  test('signed with another key under the key id of the issuer', async () => {
    const unknownKey = { ...issuer.key, ...(await generateKeyPair('ES256')) };
    await expect(ask(await issuer.token({}, unknownKey))).rejects.toMatchObject(unauthenticated);
  });

  test('that carries its own key', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const jku = `${issuer.url}/others.json`;
    const token = await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'ES256', kid: 'mine', jku })
      .sign(privateKey);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
    expect(issuer.server.requests.map(({ path }) => path)).toEqual(['/jwks.json']);
  });

  test('signed with an algorithm that was not configured', async () => {
    const token = await issuer.token();
    await expect(ask(token, authenticatorOf({ algorithms: ['RS256'] }))).rejects.toMatchObject(
      unauthenticated,
    );
  });

  test('with one changed character', async () => {
    const [header, payload = '', signature] = (await issuer.token()).split('.');
    const changed = `${payload.slice(0, 20)}${payload[20] === 'A' ? 'B' : 'A'}${payload.slice(21)}`;
    await expect(ask(`${header}.${changed}.${signature}`)).rejects.toMatchObject(unauthenticated);
  });

  test('of more than 8 KiB, before it is verified', async () => {
    const token = await issuer.token({ filler: 'x'.repeat(8192) });
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
    expect(issuer.fetches).toBe(0);
  });
});

test.each([
  ['an empty header', ''],
  ['another scheme', 'Basic YTpi'],
  ['a scheme without a token', 'Bearer '],
  ['no JWT', 'Bearer abc'],
  ['parts that are not JSON', 'Bearer YQ.YQ.YQ'],
])('%s is UNAUTHENTICATED without a fetch of keys', async (_what, header) => {
  await expect(authenticator.authenticate(header)).rejects.toMatchObject(unauthenticated);
  expect(authenticator.challenge).toBe('Bearer');
  expect(issuer.fetches).toBe(0);
});

test('a missing header is UNAUTHENTICATED, with the likely cause', async () => {
  await expect(authenticator.authenticate(undefined)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message:
      'No Authorization header arrived. Send `Authorization: Bearer <JWT>`; a router in between must forward it.',
  });
  expect(issuer.fetches).toBe(0);
});

test('the reason is in the cause of the error only, and quotes nothing of the token', async () => {
  const token = await issuer.token({ aud: 'a-secret-audience' });
  const error = await ask(token).catch((each) => each);
  expect(error.cause).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED aud');
  expect(JSON.stringify([error.cause, error.message, error.extensions])).not.toMatch(/a-secret-audience|eyJ/);
});

describe('keys', () => {
  test('are fetched once for many tokens at a time, and not at the start', async () => {
    expect(issuer.fetches).toBe(0);
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, index) => issuer.token({ sub: `${index}` })),
    );
    const callers = await Promise.all(tokens.map((token) => ask(token)));
    expect(new Set(callers.map(({ name }) => name)).size).toBe(50);
    expect(issuer.fetches).toBe(1);
  });

  test('are fetched once per cooldown, however many tokens name unknown keys', async () => {
    await askWith({});
    const storm = async () => {
      const tokens = await Promise.all(
        Array.from({ length: 1000 }, (_, index) =>
          issuer.token({}, { ...issuer.key, kid: `unknown-${index}` }),
        ),
      );
      const outcomes = await Promise.allSettled(tokens.map((token) => ask(token)));
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      return outcomes;
    };
    await storm();
    expect(issuer.fetches).toBe(1);
    await clock.advance(5000);
    await storm();
    expect(issuer.fetches).toBe(2);
    await expect(askWith({})).resolves.toMatchObject({ name: 'jwt:billing' });
  });

  test('that are new are fetched with the first token that names one', async () => {
    await askWith({});
    await clock.advance(5000);
    await issuer.rotate();
    await expect(askWith({})).resolves.toMatchObject({ name: 'jwt:billing' });
    expect(issuer.fetches).toBe(2);
  });

  test('of which a token names none are tried one after the other', async () => {
    const first = issuer.key;
    await issuer.addUnnamedKey();
    const tokens = [
      await issuer.tokenWith({ kid: undefined }),
      await new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'ES256' }).sign(first.privateKey),
    ];
    for (const token of tokens) expect(await ask(token)).toMatchObject({ name: 'jwt:billing' });
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    await expect(ask(forged)).rejects.toMatchObject({
      ...unauthenticated,
      cause: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
    const expired = await issuer.tokenWith({ kid: undefined }, { exp: 1 });
    await expect(ask(expired)).rejects.toMatchObject({ cause: 'ERR_JWT_EXPIRED exp' });
  });

  test('are used by the next authenticator, too, so that a reload needs no key server', async () => {
    const keys = signingKeys();
    await ask(await issuer.token(), authenticatorOf({ keys }));
    issuer.answer = reply(503, 'down');
    await expect(ask(await issuer.token(), authenticatorOf({ keys }))).resolves.toBeDefined();
  });

  test('that are withdrawn verify no token after 60 seconds', async () => {
    const old = issuer.key;
    await askWith({ exp: clock.now() / 1000 + 600 });
    const token = await issuer.token({ exp: clock.now() / 1000 + 600 }, old);
    await issuer.rotate();
    const admitted: number[] = [];
    for (let second = 0; second <= 60; second += 1) {
      await ask(token).then(
        () => admitted.push(second),
        () => {},
      );
      await clock.advance(1000);
    }
    expect(admitted[0]).toBe(0);
    expect(admitted.at(-1)).toBeLessThan(60);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
  });

  test('that are withdrawn verify no token after 60 seconds without requests', async () => {
    const token = await issuer.token({ exp: clock.now() / 1000 + 600 });
    await ask(token);
    await issuer.rotate();
    await clock.advance(60_000);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
  });
});

describe('a verified token', () => {
  test('gives the same caller without another verification', async () => {
    const token = await issuer.token();
    expect(await ask(token)).toBe(await ask(token));
  });

  test('is verified again after five seconds', async () => {
    const token = await issuer.token();
    const caller = await ask(token);
    await clock.advance(4999);
    expect(await ask(token)).toBe(caller);
    await clock.advance(1);
    const again = await ask(token);
    expect(again).not.toBe(caller);
    expect(again.key).toBe(caller.key);
  });

  test('is rejected from its expiry on', async () => {
    const token = await issuer.token({ exp: Math.floor(clock.now() / 1000) + 1 - jwtClockSkewMs / 1000 });
    await ask(token);
    await clock.advance(1000);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
  });
});

describe('while the key server fails', () => {
  const outage = reply(503, 'down');

  test('callers get a retryable error, and are accepted as soon as it is back', async () => {
    const healthy = issuer.answer;
    issuer.answer = outage;
    const token = await issuer.token();
    await expect(ask(token)).rejects.toMatchObject({ ...unavailable, retryAfterMs: 5000 });
    await clock.advance(2000);
    await expect(ask(token)).rejects.toMatchObject({ ...unavailable, retryAfterMs: 3000 });
    expect(issuer.fetches).toBe(1);
    issuer.answer = healthy;
    await clock.advance(3000);
    await expect(ask(token)).resolves.toMatchObject({ name: 'jwt:billing' });
    expect(issuer.fetches).toBe(2);
  });

  test('the operator is told once, without an address, and once when it is back', async () => {
    const changes: unknown[][] = [];
    const keys = signingKeys({ onChange: (...change) => changes.push(change) });
    const by = authenticatorOf({ keys });
    await ask(await issuer.token(), by);
    expect(changes).toEqual([]);
    const healthy = issuer.answer;
    issuer.answer = outage;
    for (let time = 0; time < 3; time += 1) {
      await clock.advance(60_000);
      await expect(ask(await issuer.token(), by)).rejects.toMatchObject(unavailable);
    }
    issuer.answer = healthy;
    await clock.advance(5000);
    await ask(await issuer.token(), by);
    expect(changes).toEqual([
      [false, 'status 503'],
      [true, undefined],
    ]);
  });

  test('it gets one request per cooldown, however many callers arrive', async () => {
    issuer.answer = outage;
    for (let subject = 0; subject < 100; subject += 1)
      await expect(askWith({ sub: `${subject}` })).rejects.toMatchObject(unavailable);
    expect(issuer.fetches).toBe(1);
  });

  test('known keys stay valid for less than a minute', async () => {
    await askWith({});
    issuer.answer = outage;
    await clock.advance(50_000);
    await expect(askWith({})).resolves.toMatchObject({ name: 'jwt:billing' });
    await clock.advance(10_000);
    await expect(askWith({})).rejects.toMatchObject(unavailable);
  });

  test('a token with an unknown key gets a retryable error, because it may be valid', async () => {
    await askWith({});
    issuer.answer = outage;
    await clock.advance(5000);
    await issuer.rotate();
    await expect(askWith({})).rejects.toMatchObject(unavailable);
  });

  test('a malformed token is still UNAUTHENTICATED', async () => {
    issuer.answer = outage;
    const token = new UnsecuredJWT(issuer.claims()).encode();
    await expect(ask(`${token}AAAA`)).rejects.toMatchObject(unauthenticated);
  });

  test.each<[string, Issuer['answer']]>([
    ['redirects', reply(302, '', { location: '/elsewhere.json' })],
    ['sends invalid JSON', reply(200, '<html>')],
    ['sends no key set', reply(200, { keys: 'none' })],
    ['sends more than 256 KiB', reply(200, { keys: [], filler: 'x'.repeat(262_144) })],
    ['closes the connection', (response) => response.destroy()],
    ['never responds', () => {}],
    ['stops in the middle of the body', (response) => response.writeHead(200).write('{"keys":')],
  ])('callers get a retryable error when it %s', async (_how, answer) => {
    issuer.answer = answer;
    const impatient = authenticatorOf({ keys: signingKeys({ timeoutMs: 200 }) });
    const error = await ask(await issuer.token(), impatient).catch((each) => each);
    expect(error).toMatchObject(unavailable);
    expect(error.message).toBe(
      'The token cannot be verified now, because the keys of its issuer cannot be fetched; try again after retryAfterMs.',
    );
    expect(JSON.stringify(error.extensions)).not.toContain('127.0.0.1');
    expect(issuer.server.requests.map(({ path }) => path)).toEqual(['/jwks.json']);
  });

  test('it may send an endless body, of which only a part is read', async () => {
    issuer.answer = (response) => {
      const more = () => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', more);
      };
      more();
    };
    await expect(askWith({})).rejects.toMatchObject(unavailable);
    await issuer.server.disconnected;
  });
});
