import fc from 'fast-check';
import type { Authenticator } from '../../src/access/authenticator.js';
import { BasicAuthenticator } from '../../src/access/basic-authenticator.js';
import { JwtAuthenticator } from '../../src/access/jwt-authenticator.js';
import { SigningKeys } from '../../src/access/signing-keys.js';
import { TokenAuthenticator } from '../../src/access/token-authenticator.js';
import { GatewayError } from '../../src/errors.js';
import { ManualClock } from '../support/manual-clock.js';
import { audience, Issuer } from './issuer.js';

const clock = new ManualClock();
const limits = { idsPerSecond: undefined, recordsPerDay: undefined };

const base64 = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const part = fc.oneof(
  fc.json().map((text) => Buffer.from(text).toString('base64url')),
  base64.map((text) => text.replaceAll('=', '')),
  fc.constantFrom('eyJhbGciOiJFUzI1NiJ9', 'eyJhbGciOiJub25lIn0', 'e30', ''),
);
const credential = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ minLength: 16, maxLength: 512 }),
  base64,
  fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.')),
);
const scheme = fc.constantFrom(
  'Bearer ',
  'bearer ',
  'Basic ',
  'Bearer',
  'Digest ',
  '',
  'Bearer  ',
  'Bearer\t',
);
const header = fc.oneof(
  fc.constant(undefined),
  fc.tuple(scheme, credential).map((parts) => parts.join('')),
);

/** The caller that an authenticator identifies, or its error. */
async function outcomeOf(authenticator: Authenticator, authorization: string | undefined) {
  try {
    return await authenticator.authenticate(authorization);
  } catch (error) {
    return error;
  }
}

/** Every wrong header gets the same message as an empty one, so that no message can quote a header. */
async function expectRejection(authenticator: Authenticator, authorization: string | undefined) {
  const outcome = await outcomeOf(authenticator, authorization);
  const plain = await outcomeOf(authenticator, authorization === undefined ? undefined : '');
  expect(outcome).toBeInstanceOf(GatewayError);
  expect(outcome).toMatchObject({ code: 'UNAUTHENTICATED', message: (plain as GatewayError).message });
  expect((outcome as GatewayError).extensions).toEqual({ code: 'UNAUTHENTICATED' });
}

test('no header but that of a listed token identifies a caller', async () => {
  const tokens = [
    { name: 'billing', sha256: 'ab'.repeat(32), scopes: ['records:read'], products: 'any' },
  ] as const;
  const authenticator = new TokenAuthenticator({ tokens, defaultAccountId: 'main', limits, clock });
  await fc.assert(
    fc.asyncProperty(header, (each) => expectRejection(authenticator, each)),
    { numRuns: 500 },
  );
});

test('no header but that of a signed JWT identifies a caller', async () => {
  await using issuer = await Issuer.start(clock);
  const authenticator = new JwtAuthenticator({
    keys: new SigningKeys({ url: issuer.url, clock }),
    types: ['JWT'],
    maxLifetimeSeconds: 3600,
    issuer: issuer.url,
    audience,
    algorithms: ['ES256'],
    defaultAccountId: 'main',
    limits,
    clock,
  });
  await authenticator.authenticate(`Bearer ${await issuer.token()}`);
  await fc.assert(
    fc.asyncProperty(header, (each) => expectRejection(authenticator, each)),
    { numRuns: 500 },
  );
});

test('a header is either rejected or a key and a secret that reach Vonage unchanged', async () => {
  const authenticator = new BasicAuthenticator({
    scopes: [],
    limits,
    hashKey: Buffer.alloc(32),
    verify() {},
  });
  const pair = fc
    .tuple(fc.string({ unit: 'binary' }), fc.constantFrom(':', ''), fc.string({ unit: 'binary' }))
    .map((parts) => `Basic ${Buffer.from(parts.join('')).toString('base64')}`);
  const check = async (authorization: string | undefined) => {
    const outcome = await outcomeOf(authenticator, authorization);
    if (outcome instanceof Error) return expectRejection(authenticator, authorization);
    const { own, name } = await authenticator.authenticate(authorization);
    expect(own?.credentials.authorization.slice(6)).toBe(authorization?.slice(6).trim());
    expect(name).toMatch(/^basic:[\w-]{1,64}$/);
  };
  await fc.assert(fc.asyncProperty(fc.oneof(header, pair), check), { numRuns: 500 });
});
