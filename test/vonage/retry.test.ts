import fc from 'fast-check';
import { type ErrorCode, errorCatalogue, GatewayError } from '../../src/errors.js';
import { rateLimitPauseMs, retryDelayMs } from '../../src/vonage/retry.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';

const half = () => 0.5;
const refused = (status: number) => upstreamProblem(status, undefined);
const unsent = new GatewayError('UPSTREAM_UNAVAILABLE', 'Vonage could not be reached.', { neverSent: true });

describe('a call that surely returned nothing', () => {
  test.each([502, 503, 504])('%i is made again, twice at the most, after waits that grow', (status) => {
    const delays = [1, 2, 3, 4].map((attempt) => retryDelayMs(refused(status), attempt, half));
    expect(delays).toEqual([125, 250, undefined, undefined]);
  });

  test('because no connection came about is made again like them', () => {
    const delays = [1, 2, 3].map((attempt) => retryDelayMs(unsent, attempt, half));
    expect(delays).toEqual([125, 250, undefined]);
  });

  test('500 is made again once: the second failure is likely to be the call', () => {
    const delays = [1, 2, 3].map((attempt) => retryDelayMs(refused(500), attempt, half));
    expect(delays).toEqual([125, undefined, undefined]);
  });
});

describe('a 429 pauses the key', () => {
  const pauses = (retryAfterMs: number | undefined) =>
    [1, 2, 3, 4, 5, 6].map((refusals) =>
      rateLimitPauseMs(upstreamProblem(429, {}, { retryAfterMs }), refusals),
    );

  test('for as long as Vonage asks, each time', () => {
    expect(pauses(3000)).toEqual([3000, 3000, 3000, 3000, 3000, 3000]);
  });

  test('for a second where it does not say how long', () => {
    expect(pauses(undefined)).toEqual([1000, 1000, 1000, 1000, 1000, 1000]);
  });

  test('for longer each time where it asks for nothing again and again', () => {
    expect(pauses(0)).toEqual([0, 250, 500, 1000, 1000, 1000]);
  });
});

test('a call that was not sent, and is to come back later, does not come back before', () => {
  const paused = new GatewayError('UPSTREAM_UNAVAILABLE', 'Calls are paused.', {
    neverSent: true,
    retryAfterMs: 4000,
  });
  expect(retryDelayMs(paused, 1, half)).toBeUndefined();
});

describe('a call that may have been billed, or would fail again, is not repeated:', () => {
  test.each([400, 401, 402, 403, 404, 408, 409, 422, 501, 505, 201, 302])('status %i', (status) => {
    expect(retryDelayMs(refused(status), 1, half)).toBeUndefined();
  });

  test.each(Object.keys(errorCatalogue) as ErrorCode[])('%s without a status', (code) => {
    expect(retryDelayMs(new GatewayError(code, 'It failed.'), 1, half)).toBeUndefined();
  });

  test('an answer of 200 that could not be read', () => {
    const malformed = new GatewayError('UPSTREAM_MALFORMED', 'Unreadable.', { upstream: { status: 200 } });
    expect(retryDelayMs(malformed, 1, half)).toBeUndefined();
  });
});

test('waits are spread from nothing to half a second, so that callers do not return together', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(unsent, refused(500), refused(503)),
      fc.integer({ min: 1, max: 2 }),
      chance,
      (error, attempt, each) => {
        const delay = retryDelayMs(error, attempt, () => each) ?? 0;
        expect(delay >= 0 && delay < 250 * attempt).toBe(true);
      },
    ),
  );
  expect(retryDelayMs(unsent, 1, () => 0)).toBe(0);
});
