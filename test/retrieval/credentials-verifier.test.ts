import { GatewayError } from '../../src/errors.js';
import { CredentialsVerifier } from '../../src/retrieval/credentials-verifier.js';
import type { EndedCall } from '../../src/retrieval/retrieval-observer.js';
import { SlidingWindowRateLimiter } from '../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Credentials } from '../../src/vonage/credentials.js';
import type { RecordsResponse } from '../../src/vonage/records-response.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import { Gate } from '../support/gate.js';
import { ManualClock } from '../support/manual-clock.js';

const minuteMs = 60_000;
const nothingFound: RecordsResponse = { rows: [], idsNotFound: [] };
const wrongSecret = upstreamProblem(401, { type: 'https://x#unathorized', title: 'Unauthorized' });

/** A verifier before a Vonage that accepts every secret but those that begin with `wrong`. */
function setUp(answer: (secret: string) => RecordsResponse | Promise<RecordsResponse> = byName) {
  const clock = new ManualClock();
  const rateLimiter = new SlidingWindowRateLimiter({ ratePerSecond: 1000, rateMarginMs: 0, clock });
  const asked: string[] = [];
  const ended: EndedCall[] = [];
  const verifier = new CredentialsVerifier({
    clock,
    source: {
      recordsByIds: async (_query, { authorization }, { onRequestStart }) => {
        onRequestStart();
        const [, secret = ''] = atob(authorization.slice(6)).split(':');
        asked.push(secret);
        return answer(secret);
      },
    },
    observer: {
      onCallEnded: (call) => void ended.push(call),
      onIdSent() {},
      onLookupEnded() {},
      onLookupRefused() {},
      onRecordsSaved() {},
    },
    leaseRateLimiter: () => ({ rateLimiter, close: async () => undefined }),
  });
  /** `accepted`, or the code of the error. */
  const verify = async (secret: string, apiKey = 'abcd1234'): Promise<string> => {
    const outcome = new Promise((resolve) => {
      resolve(verifier.verify(`${apiKey} ${secret}`, new Credentials(apiKey, secret)));
    }).then(
      () => 'accepted',
      (error: GatewayError) => error.code,
    );
    await clock.tick();
    return outcome;
  };
  return { clock, verifier, asked, ended, verify };
}

function byName(secret: string): RecordsResponse {
  if (secret.startsWith('wrong')) throw wrongSecret;
  return nothingFound;
}

test('a pair that Vonage accepts is asked for once, with a call that the observer is told of', async () => {
  const { verify, asked, ended } = setUp();
  expect(await verify('right')).toBe('accepted');
  expect(await verify('right')).toBe('accepted');
  expect(asked).toEqual(['right']);
  expect(ended).toMatchObject([{ accountId: 'abcd1234', outcome: 'not_found_only', recordsBilled: 0 }]);
});

test('requests with one pair share its check', async () => {
  const gate = new Gate();
  const { verify, asked } = setUp(() => gate.opened.then(() => nothingFound));
  const all = [verify('right'), verify('right'), verify('right')];
  gate.open();
  expect(await Promise.all(all)).toEqual(['accepted', 'accepted', 'accepted']);
  expect(asked).toHaveLength(1);
});

test('a pair that Vonage refuses is refused for ten seconds without a call', async () => {
  const { verify, asked, clock } = setUp();
  for (let time = 0; time < 5; time += 1) expect(await verify('wrong')).toBe('UNAUTHENTICATED');
  expect(asked).toHaveLength(1);
  await clock.advance(10_000);
  expect(await verify('wrong')).toBe('UNAUTHENTICATED');
  expect(asked).toHaveLength(2);
});

describe('after ten refusals of a key within a minute', () => {
  async function guessed() {
    const subject = setUp();
    expect(await subject.verify('known')).toBe('accepted');
    const outcomes: string[] = [];
    for (let guess = 0; guess < 500; guess += 1) outcomes.push(await subject.verify(`wrong ${guess}`));
    return { ...subject, outcomes };
  }

  test('no further secret of it is tried, right or wrong', async () => {
    const { verify, asked, outcomes } = await guessed();
    expect(outcomes.slice(0, 10)).toEqual(Array(10).fill('UNAUTHENTICATED'));
    expect(new Set(outcomes.slice(10))).toEqual(new Set(['RATE_LIMITED']));
    expect(await verify('right')).toBe('RATE_LIMITED');
    expect(asked).toHaveLength(11);
  });

  test('the error says when a secret is tried again', async () => {
    const { verifier, clock, verify } = await guessed();
    const retryAfterMs = await Promise.resolve(
      verifier.verify('right', new Credentials('abcd1234', 'right')),
    ).then(
      () => 0,
      (error: GatewayError) => error.retryAfterMs ?? 0,
    );
    expect(retryAfterMs).toBe(minuteMs);
    await clock.advance(retryAfterMs);
    expect(await verify('right')).toBe('accepted');
  });

  test('a pair that was accepted before goes on, and so do other keys', async () => {
    const { verify, asked } = await guessed();
    expect(await verify('known')).toBe('accepted');
    expect(await verify('right', 'efgh5678')).toBe('accepted');
    expect(asked).toHaveLength(12);
  });
});

test('guesses at one key that come together are ten calls at most, too', async () => {
  const gate = new Gate();
  const { verify, asked, clock } = setUp((secret) => gate.opened.then(() => byName(secret)));
  const all = Array.from({ length: 300 }, (_, guess) => verify(`wrong ${guess}`));
  await clock.tick();
  expect(asked).toHaveLength(4);
  gate.open();
  await Promise.all(all);
  expect(asked).toHaveLength(10);
});

test('made-up keys occupy four calls at once and a hundred places in the queue', async () => {
  const gate = new Gate();
  const { verify, asked, clock } = setUp((secret) =>
    secret === 'known' ? nothingFound : gate.opened.then(() => byName(secret)),
  );
  expect(await verify('known')).toBe('accepted');
  const all = Array.from({ length: 200 }, (_, index) => verify('wrong', `key-${index}`));
  await clock.tick();
  expect(asked).toHaveLength(1 + 4);
  // An accepted pair that is due for a check does not wait behind them.
  await clock.advance(1);
  expect(await verify('known')).toBe('accepted');
  gate.open();
  const outcomes = await Promise.all(all);
  expect(outcomes.filter((code) => code === 'OVERLOADED')).toHaveLength(96);
  expect(outcomes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(104);
});

describe('an accepted pair', () => {
  test('is checked again after ten minutes in the background, and refused from then on if Vonage refuses it', async () => {
    let isWithdrawn = false;
    const { verify, asked, clock } = setUp(() => byName(isWithdrawn ? 'wrong' : 'right'));
    expect(await verify('secret')).toBe('accepted');
    isWithdrawn = true;
    await clock.advance(10 * minuteMs - 1);
    expect(await verify('secret')).toBe('accepted');
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(await verify('secret')).toBe('accepted');
    expect(asked).toHaveLength(2);
    expect(await verify('secret')).toBe('UNAUTHENTICATED');
  });

  test('stays accepted while Vonage does not answer, for an hour', async () => {
    let isDown = false;
    const { verify, asked, clock } = setUp(() => {
      if (isDown) throw upstreamProblem(503, undefined);
      return nothingFound;
    });
    expect(await verify('secret')).toBe('accepted');
    isDown = true;
    await clock.advance(60 * minuteMs - 1);
    for (let time = 0; time < 5; time += 1) expect(await verify('secret')).toBe('accepted');
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    expect(await verify('secret')).toBe('AUTHENTICATION_UNAVAILABLE');
    isDown = false;
    expect(await verify('secret')).toBe('accepted');
  });

  test('that a lookup shows to be refused is checked before it is used again', async () => {
    const { verify, verifier, asked, clock } = setUp();
    expect(await verify('right')).toBe('accepted');
    verifier.recordRefusal('abcd1234 right', new Credentials('abcd1234', 'right'));
    expect(await verify('right')).toBe('UNAUTHENTICATED');
    await clock.advance(10_000);
    expect(await verify('right')).toBe('accepted');
    expect(asked).toHaveLength(2);
  });
});

const problem = (status: number, type: string) => upstreamProblem(status, { type: `x#${type}`, title: type });

test.each<[string, GatewayError]>([
  ['a product that the key is not provisioned for', problem(401, 'unprovisioned')],
  ['an account without credit', problem(403, 'out-of-credit')],
  ['an account or product', problem(403, 'forbidden')],
  ['a parameter', upstreamProblem(422, { invalid_parameters: [{ name: 'id', reason: 'unknown' }] })],
])('a refusal by Vonage of %s accepts the pair', async (_what, failure) => {
  const { verify } = setUp(() => Promise.reject(failure));
  expect(await verify('right')).toBe('accepted');
});

test.each<[string, GatewayError]>([
  ['a page of a proxy with status 403', upstreamProblem(403, undefined)],
  ['a 429', upstreamProblem(429, undefined)],
  ['a 500', upstreamProblem(500, undefined)],
  ['no connection', new GatewayError('UPSTREAM_UNAVAILABLE', 'no connection', { neverSent: true })],
  ['a timeout', new GatewayError('UPSTREAM_TIMEOUT', 'late')],
  ['a body that is no JSON', new GatewayError('UPSTREAM_MALFORMED', 'no JSON')],
])('%s says nothing about the pair', async (_what, failure) => {
  let isWorking = false;
  const { verify, clock } = setUp(() => (isWorking ? nothingFound : Promise.reject(failure)));
  expect(await verify('right')).toBe('AUTHENTICATION_UNAVAILABLE');
  isWorking = true;
  const accepted = verify('right');
  await clock.advance(1000);
  expect(await accepted).toBe('accepted');
});

test('a caller waits five seconds at most, and finds the outcome when it comes back', async () => {
  const gate = new Gate();
  const { verify, asked, clock } = setUp(() => gate.opened.then(() => nothingFound));
  const outcome = verify('right');
  await clock.advance(5000);
  expect(await outcome).toBe('AUTHENTICATION_UNAVAILABLE');
  gate.open();
  await clock.tick();
  expect(await verify('right')).toBe('accepted');
  expect(asked).toHaveLength(1);
});
