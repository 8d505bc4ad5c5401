import fc from 'fast-check';
import { requestedPauseMs, retryAfterMs, untilResetMs } from '../../src/vonage/retry.js';

const nowMs = Date.UTC(2026, 0, 10, 12);

test.each([
  ['1', 1000],
  ['0', 0],
  ['30', 30_000],
  ['1.5', 1500],
  ['0.0001', 1],
  [' 2 ', 2000],
])('%p asks for as many seconds', (header, pauseMs) => {
  expect(retryAfterMs(header, nowMs)).toBe(pauseMs);
});

test.each([
  ['Sat, 10 Jan 2026 12:00:05 GMT', 5000],
  ['Saturday, 10-Jan-26 12:00:05 GMT', 5000],
  ['Sat, 10 Jan 2026 12:00:00 GMT', 0],
])('%p asks to wait until then', (header, pauseMs) => {
  expect(retryAfterMs(header, nowMs)).toBe(pauseMs);
});

test('a moment that has passed asks for no pause', () => {
  expect(retryAfterMs('Fri, 09 Jan 2026 12:00:00 GMT', nowMs)).toBe(0);
});

test.each(['61', '86400', '9999999999', '9'.repeat(400), 'Sun, 11 Jan 2026 12:00:00 GMT'])(
  '%p stops the gateway for a minute at most',
  (header) => {
    expect(retryAfterMs(header, nowMs)).toBe(60_000);
  },
);

test.each([
  undefined,
  '',
  ' ',
  'soon',
  '-5',
  '+5',
  '1e3',
  '1,5',
  '0x10',
  '5 seconds',
  'retry 1',
  'NaN',
  'Infinity',
  '2026-01-10T12:00:05Z',
  'Sat, 10 Jan 2026',
  'Sat, 99 Foo 2026 12:00:05 GMT',
  'Sat Jan 10 12:00:05 2026',
])('%p says nothing that can be used', (header) => {
  expect(retryAfterMs(header, nowMs)).toBeUndefined();
});

test('two headers at once say nothing that can be used', () => {
  expect(retryAfterMs(['1', '2'], nowMs)).toBeUndefined();
});

test('no text throws, or asks for a pause that is not between nothing and a minute', () => {
  const likely = fc.stringMatching(/^(Sat, )?[\d :.,A-Za-z-]{0,30}( GMT)?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), likely), (header) => {
      const pauseMs = retryAfterMs(header, nowMs) ?? 0;
      expect(pauseMs >= 0 && pauseMs <= 60_000 && Number.isInteger(pauseMs)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

describe('X-RateLimit-Reset', () => {
  test.each([
    ['seconds since the epoch', String(nowMs / 1000 + 7), 7000],
    ['milliseconds since the epoch', String(nowMs + 2500), 2500],
    ['an HTTP date', 'Sat, 10 Jan 2026 12:00:05 GMT', 5000],
    ['a moment in an hour: a minute at most', String(nowMs / 1000 + 3600), 60_000],
    ['a moment in microseconds: a minute at most', `${nowMs}000`, 60_000],
    ['an absurd number: a minute at most', '9'.repeat(30), 60_000],
    ['a moment that has passed', String(nowMs / 1000 - 1), undefined],
    ['a few seconds, which are none since the epoch', '15', undefined],
    ['a negative number', '-5', undefined],
    ['no number', 'soon', undefined],
    ['nothing', '', undefined],
  ])('can hold %s', (_what, header, pauseMs) => {
    expect(untilResetMs(header, nowMs)).toBe(pauseMs);
  });

  test('is read where Retry-After says nothing usable, and only there', () => {
    const reset = String(nowMs + 3000);
    const pauseOf = (retryAfter?: string) =>
      requestedPauseMs(
        { ...(retryAfter && { 'retry-after': retryAfter }), 'x-ratelimit-reset': reset },
        nowMs,
      );
    expect([pauseOf(), pauseOf('-5'), pauseOf('soon'), pauseOf('7'), pauseOf('0')]).toEqual([
      3000, 3000, 3000, 7000, 0,
    ]);
    expect(requestedPauseMs({}, nowMs)).toBeUndefined();
  });
});
