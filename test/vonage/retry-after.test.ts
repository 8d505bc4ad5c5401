import fc from 'fast-check';
import { retryAfterMs } from '../../src/vonage/retry.js';

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
