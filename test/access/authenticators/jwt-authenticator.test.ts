import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import {
  JwtAuthenticator,
  type JwtAuthenticatorOptions,
  jwtClockSkewMs,
} from '../../../src/access/authenticators/jwt-authenticator.js';
import { Product } from '../../../src/catalogue/product.js';
import { ManualClock } from '../../support/manual-clock.js';
import { reply } from '../../vonage/upstream.js';
import { audience, Issuer } from './issuer.js';

const unauthenticated = {
  code: 'UNAUTHENTICATED',
  message: 'Send a valid JWT as `Authorization: Bearer <token>`.',
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

function authenticatorOf(options: Partial<JwtAuthenticatorOptions> = {}): JwtAuthenticator {
  return new JwtAuthenticator({
    jwksUrl: `${issuer.url}/jwks.json`,
    issuer: issuer.url,
    audience,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    defaultAccountId: 'main-account',
    limits: { idsPerSecond: 50, recordsPerDay: undefined },
    clock,
    ...options,
  });
}

const ask = (token: string, by = authenticator) => by.authenticate(`Bearer ${token}`);
const askWith = async (claims: Readonly<Record<string, unknown>>) => ask(await issuer.token(claims));

describe('a signed token says who calls', () => {
  test('by its subject, with the default account, every product, and the limits of every caller', async () => {
    const caller = await askWith({});
    expect(caller.name).toBe('jwt:billing');
    expect(caller.accounts).toEqual(['main-account']);
    expect(caller.defaultAccountId).toBe('main-account');
    expect(caller.readable([Product.SMS, Product.VOICE_CALL])).toEqual([Product.SMS, Product.VOICE_CALL]);
    expect(caller.limits).toEqual({ idsPerSecond: 50, recordsPerDay: undefined });
  });

  test.each<[string, Record<string, unknown>]>([
    ['scope', { scope: 'openid records:read explain' }],
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

  test('without a scope it may do nothing', async () => {
    expect((await askWith({ scope: undefined })).has('records:read')).toBe(false);
  });

  test('with accounts, products and limits of its own', async () => {
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

  test('with any account, of which the default is the gateway’s', async () => {
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

  test('when one of several audiences is the gateway', async () => {
    expect(await askWith({ aud: ['others', audience] })).toMatchObject({ name: 'jwt:billing' });
  });
});

describe('refused, all in the same words, is a token', () => {
  test.each<[string, Record<string, unknown>]>([
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject that is no text', { sub: 42 }],
    ['with a subject that would break a log line', { sub: 'a\nb' }],
    ['without an end', { exp: undefined }],
    ['whose end is no number', { exp: 'never' }],
    ['of another audience', { aud: 'others' }],
    ['without an audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://others.test' }],
    ['without an issuer', { iss: undefined }],
    ['that is not valid yet', { nbf: Date.UTC(2026, 0, 11) / 1000 }],
    ['whose scope is no text', { scope: ['records:read'] }],
    ['whose scp is neither text nor a list', { scp: { 'records:read': true } }],
    ['whose accounts are no list', { vonage_accounts: 'abcd1234' }],
    ['whose accounts are null', { vonage_accounts: null }],
    ['whose list of accounts is empty', { vonage_accounts: [] }],
    ['whose accounts hold what is no account id', { vonage_accounts: ['abcd1234', 'a/b'] }],
    ['whose products are unknown', { vonage_products: ['SMS', 'FAX'] }],
    ['whose products are spelled as on the wire', { vonage_products: ['VOICE-CALL'] }],
    ['whose products are null', { vonage_products: null }],
    ['whose list of products is empty', { vonage_products: [] }],
    ['whose limit of ids is text', { ids_per_second: '10' }],
    ['whose limit of ids is 0', { ids_per_second: 0 }],
    ['whose limit of records is a fraction', { records_per_day: 1.5 }],
    ['whose limit of records is below 0', { records_per_day: -1 }],
  ])('%s', async (_what, claims) => {
    await expect(askWith(claims)).rejects.toMatchObject(unauthenticated);
  });

  test('that has expired, give or take the allowed difference of clocks', async () => {
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
    // Nor would it open anything if somebody got the algorithm past the types.
    const careless = authenticatorOf({ algorithms: ['HS256' as 'RS256'] });
    await expect(ask(token, careless)).rejects.toMatchObject(unauthenticated);
  });

  test('signed by somebody else under the name of the issuer’s key', async () => {
    const stranger = { ...issuer.key, ...(await generateKeyPair('ES256')) };
    await expect(ask(await issuer.token({}, stranger))).rejects.toMatchObject(unauthenticated);
  });

  test('that brings a key of its own', async () => {
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

  test('changed by one character', async () => {
    const [header, payload = '', signature] = (await issuer.token()).split('.');
    const changed = `${payload.slice(0, 20)}${payload[20] === 'A' ? 'B' : 'A'}${payload.slice(21)}`;
    await expect(ask(`${header}.${changed}.${signature}`)).rejects.toMatchObject(unauthenticated);
  });

  test('of more than 8 KiB, before anything is done with it', async () => {
    const token = await issuer.token({ filler: 'x'.repeat(8192) });
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
    expect(issuer.fetches).toBe(0);
  });
});

test.each([
  ['no header', undefined],
  ['an empty one', ''],
  ['another scheme', 'Basic YTpi'],
  ['a scheme without a token', 'Bearer '],
  ['what is no JWT', 'Bearer abc'],
  ['parts that are no JSON', 'Bearer YQ.YQ.YQ'],
])('a caller with %s is told how to prove itself, and no key is fetched', async (_what, header) => {
  await expect(authenticator.authenticate(header)).rejects.toMatchObject(unauthenticated);
  expect(authenticator.challenge).toBe('Bearer');
  expect(issuer.fetches).toBe(0);
});

test('the reason is for logs only, and quotes nothing of the token', async () => {
  const token = await issuer.token({ aud: 'a-secret-audience' });
  const error = await ask(token).catch((each) => each);
  expect(error.cause).toContain('"aud"');
  expect(JSON.stringify([error.cause, error.message, error.extensions])).not.toMatch(/a-secret-audience|eyJ/);
});

describe('keys', () => {
  test('are fetched once for many tokens at a time, and not at start', async () => {
    expect(issuer.fetches).toBe(0);
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, index) => issuer.token({ sub: `${index}` })),
    );
    const callers = await Promise.all(tokens.map((token) => ask(token)));
    expect(new Set(callers.map(({ name }) => name)).size).toBe(50);
    expect(issuer.fetches).toBe(1);
  });

  test('are fetched once in a cooldown, however many tokens name unknown ones', async () => {
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

  test('that are new are picked up with the first token that names one', async () => {
    await askWith({});
    await clock.advance(5000);
    await issuer.rotate();
    await expect(askWith({})).resolves.toMatchObject({ name: 'jwt:billing' });
    expect(issuer.fetches).toBe(2);
  });

  test('that were withdrawn open nothing after 60 seconds', async () => {
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

  test('that were withdrawn open nothing after 60 seconds, even if nobody called in between', async () => {
    const token = await issuer.token({ exp: clock.now() / 1000 + 600 });
    await ask(token);
    await issuer.rotate();
    await clock.advance(60_000);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
  });
});

describe('a token that was verified', () => {
  test('is the same caller again without another verification', async () => {
    const token = await issuer.token();
    expect(await ask(token)).toBe(await ask(token));
  });

  test('is verified anew after five seconds', async () => {
    const token = await issuer.token();
    const caller = await ask(token);
    await clock.advance(4999);
    expect(await ask(token)).toBe(caller);
    await clock.advance(1);
    const again = await ask(token);
    expect(again).not.toBe(caller);
    expect(again.key).toBe(caller.key);
  });

  test('is refused from its very end on', async () => {
    const token = await issuer.token({ exp: Math.floor(clock.now() / 1000) + 1 - jwtClockSkewMs / 1000 });
    await ask(token);
    await clock.advance(1000);
    await expect(ask(token)).rejects.toMatchObject(unauthenticated);
  });
});

describe('while the key server fails', () => {
  const outage = reply(503, 'down');

  test('callers may try again, and are let in as soon as it is back', async () => {
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

  test('it is asked once in a cooldown, not by every caller', async () => {
    issuer.answer = outage;
    for (let turn = 0; turn < 100; turn += 1)
      await expect(askWith({ sub: `${turn}` })).rejects.toMatchObject(unavailable);
    expect(issuer.fetches).toBe(1);
  });

  test('known keys stay good for less than a minute', async () => {
    await askWith({});
    issuer.answer = outage;
    await clock.advance(50_000);
    await expect(askWith({})).resolves.toMatchObject({ name: 'jwt:billing' });
    await clock.advance(10_000);
    await expect(askWith({})).rejects.toMatchObject(unavailable);
  });

  test('a token with an unknown key may be right, so its caller may try again', async () => {
    await askWith({});
    issuer.answer = outage;
    await clock.advance(5000);
    await issuer.rotate();
    await expect(askWith({})).rejects.toMatchObject(unavailable);
  });

  test('a token that is wrong in itself is refused all the same', async () => {
    issuer.answer = outage;
    const token = new UnsecuredJWT(issuer.claims()).encode();
    await expect(ask(`${token}AAAA`)).rejects.toMatchObject(unauthenticated);
  });

  test.each<[string, Issuer['answer']]>([
    ['redirects', reply(302, '', { location: '/elsewhere.json' })],
    ['sends no JSON', reply(200, '<html>')],
    ['sends no key set', reply(200, { keys: 'none' })],
    ['sends more than 256 KiB', reply(200, { keys: [], filler: 'x'.repeat(262_144) })],
    ['ends the connection', (response) => response.destroy()],
    ['never answers', () => {}],
    ['stops in the middle', (response) => response.writeHead(200).write('{"keys":')],
  ])('callers may try again when it %s', async (_how, answer) => {
    issuer.answer = answer;
    const impatient = authenticatorOf({ keysTimeoutMs: 200 });
    const error = await ask(await issuer.token(), impatient).catch((each) => each);
    expect(error).toMatchObject(unavailable);
    expect(error.message).toBe('The keys that verify tokens cannot be fetched now; try again.');
    expect(JSON.stringify(error.extensions)).not.toContain('127.0.0.1');
    expect(issuer.server.requests.map(({ path }) => path)).toEqual(['/jwks.json']);
  });

  test('an answer without an end is not read to its end', async () => {
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
