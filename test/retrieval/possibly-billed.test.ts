import { GatewayError } from '../../src/errors.js';
import { possiblyBilled } from '../../src/retrieval/usage-meter.js';
import { CircuitBreaker } from '../../src/traffic/resilience/circuit-breaker.js';
import { upstreamProblem } from '../../src/vonage/upstream-problem.js';
import { ManualClock } from '../support/manual-clock.js';

test.each([400, 401, 402, 422, 429, 500, 503])('nothing is at risk when Vonage answered %i', (status) => {
  expect(possiblyBilled(upstreamProblem(status, undefined))).toBe(0);
});

test.each([
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_MALFORMED',
  'INTERNAL_SERVER_ERROR',
] as const)('a record is possibly billed when the result of the call is unknown: %s', (code) =>
  expect(possiblyBilled(new GatewayError(code, 'It failed.'))).toBe(1),
);

test('one is when a 200 could not be read to its end, for it is billed all the same', () => {
  const cut = new GatewayError('UPSTREAM_MALFORMED', 'It ended.', { upstream: { status: 200 } });
  expect([possiblyBilled(cut), possiblyBilled(new Error('a defect'))]).toEqual([1, 1]);
});

test('nothing is while calls are paused because Vonage is ill', async () => {
  const breaker = new CircuitBreaker({ clock: new ManualClock(), failuresToOpen: 1, isFailure: () => true });
  const call = () => breaker.run(() => Promise.reject(new Error('ill')));
  await call().catch(() => undefined);
  expect(possiblyBilled(await call().catch((error: unknown) => error))).toBe(0);
});
