import type { Logger } from 'pino';
import type { SigningKeysOptions } from '../access/signing-keys.js';
import { productName } from '../catalogue/product.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { DailyUsageLevel } from '../retrieval/calls/daily-cap.js';
import type { DriftedIdField } from '../retrieval/calls/schema-drift.js';
import type { UpstreamHealthListener } from '../retrieval/calls/upstream-calls.js';
import type { EndedCall, RetrievalObserver } from '../retrieval/retrieval-observer.js';
import type { ModeDetails, RateLimiterMode } from '../traffic/rate-limit/distributed-rate-limiter-options.js';
import type { OnSlowChange } from '../traffic/resilience/guarded-redis.js';
import type { OnReadyChange } from '../traffic/resilience/redis-connection.js';
import type { OnCredentialsChange } from '../vonage/credentials.js';
import { otherAccounts } from './api-keys.js';

/** Logs each failed call. A line holds no id, and no account but those that the operator configured. */
export function callLog(
  logger: Logger,
  accounts: () => ReadonlySet<string>,
): Pick<RetrievalObserver, 'onCallEnded'> {
  return {
    onCallEnded({ accountId, product, outcome, ids, durationMs, failure }: EndedCall) {
      if (failure === undefined || !logger.isLevelEnabled('debug')) return;
      const account = accounts().has(accountId) ? accountId : otherAccounts;
      const call = { account, product: productName(product), outcome, ids, ms: Math.round(durationMs) };
      logger.debug({ ...call, ...failureOf(failure) }, 'a call to Vonage failed');
    },
  };
}

/** Logs which products and accounts Vonage begins to refuse. */
export function refusalLog(
  logger: Logger,
  accounts: () => ReadonlySet<string>,
): Required<Pick<UpstreamHealthListener, 'onProductRefused' | 'onAccountRefused'>> {
  const shown = (accountId: string) => (accounts().has(accountId) ? accountId : otherAccounts);
  return {
    onProductRefused: ({ accountId, product, error }) =>
      logger.warn(
        { account: shown(accountId), product: productName(product), ...failureOf(error) },
        'Vonage refuses a product; searches leave it out for ten minutes',
      ),
    onAccountRefused: ({ accountId, error }) =>
      logger.warn({ account: shown(accountId), ...failureOf(error) }, 'Vonage refuses an account'),
  };
}

/** Logs each field of ids that Vonage uses beside those of the catalogue. */
export function driftLog(logger: Logger) {
  return ({ lane: { product, direction }, field }: DriftedIdField): void =>
    logger.warn(
      { product: productName(product), direction, field },
      "Vonage's rows carry their ids in a field that the catalogue does not list; the gateway uses it",
    );
}

/**
 * Logs whether Vonage accepts the credentials of one API key.
 *
 * @param accounts accounts that the key reads
 */
export function credentialsLog(logger: Logger, accounts: () => readonly string[]): OnCredentialsChange {
  return (isAccepted, error) =>
    isAccepted
      ? logger.warn({ accounts: accounts() }, 'Vonage accepts the credentials again')
      : logger.warn(
          { accounts: accounts(), ...failureOf(error) },
          'credentials refused: Vonage does not accept the API key and secret',
        );
}

/** Logs when the circuit breaker stops calls to the host, and when they work again. */
export function circuitLog(logger: Logger, host: string) {
  return (isOpen: boolean, error?: unknown): void =>
    isOpen
      ? logger.warn(
          { host, ...failureOf(error) },
          'circuit breaker open: calls to Vonage fail and are paused',
        )
      : logger.warn({ host }, 'circuit breaker closed: calls to Vonage work again');
}

/** Logs when most of MAX_RECORDS_PER_DAY is used, and when all of it is. */
export function dailyCapLog(logger: Logger, accounts: () => readonly string[]) {
  return ({ isReached, recordsUsed, recordsPerDay }: DailyUsageLevel): void =>
    logger.warn(
      { accounts: accounts(), recordsUsed, recordsPerDay },
      isReached
        ? 'MAX_RECORDS_PER_DAY is reached: until 00:00 UTC lookups that are not cached get RATE_LIMITED'
        : 'MAX_RECORDS_PER_DAY is nearly reached: 80 percent of the records are used',
    );
}

/** Logs that a 429 made all calls of a key pause. */
export function pauseLog(logger: Logger) {
  return (pauseMs: number, spacingMs: number): void =>
    logger.warn(
      { pauseMs, spacingMs: Math.round(spacingMs) },
      'Vonage responded with status 429; all calls of the key pause, and then start further apart',
    );
}

export function redisLog(logger: Logger): OnReadyChange {
  return (isReady, reason) =>
    isReady
      ? logger.warn('Redis is back: replicas share the cache and the quotas again')
      : logger.warn({ reason }, 'Redis is lost: this replica uses its own cache and quotas');
}

/** Logs when Redis is connected and of no use, and when it is of use again. */
export function slowRedisLog(logger: Logger, timeoutMs: number): OnSlowChange {
  return (isSlow, reason) =>
    isSlow
      ? logger.warn(
          { reason, timeoutMs },
          'Redis is slow or refuses commands: this replica uses its own cache and quotas (REDIS_TIMEOUT_MS sets how long it waits)',
        )
      : logger.warn('Redis replies in time again: replicas share the cache and the quotas again');
}

/** Logs each change between the shared and the local mode once: the operator sees which part of the rate is used. */
export function rateLimiterLog(logger: Logger) {
  return (mode: RateLimiterMode, details: ModeDetails): void => {
    const { localRatePerSecond, replicas, wasRedisReached, reason } = details;
    if (mode === 'shared') logger.warn({ mode }, 'Redis answers again; all replicas share the rate');
    else
      logger.warn(
        { mode, localRatePerSecond, replicas, wasRedisReached, reason },
        'Redis does not answer; this replica makes its part of the calls that the rate allows (REPLICAS sets the divisor)',
      );
  };
}

/** What a log shows of a failure: codes, and Vonage's words. */
function failureOf(error: unknown): object {
  if (!(error instanceof GatewayError)) return {};
  const { code, upstream = {}, cause } = error;
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code;
  const { status, requestId: upstreamRequestId } = upstream;
  const [type, title, detail] = [upstream.type, upstream.title, upstream.detail].map(withoutIds);
  return { code, status, type, title, detail, reason, upstreamRequestId };
}

/** A text of Vonage's can quote ids, and most ids have a digit in a word. */
function withoutIds(text: string | undefined): string | undefined {
  return text?.replaceAll(/\S*[\d*]\S*/g, '…');
}

/** Milliseconds between two lines for one reason: clients can send any number of wrong tokens. */
const refusedRequestsIntervalMs = 60_000;

interface Refusals {
  /** Requests since the last line. */
  requests: number;
  loggedAtMs: number;
}

/**
 * Logs requests that are refused for their credentials: the first one at once, and then one line a minute for each reason.
 * A reason is a word of a fixed list, so a line quotes nothing that a client sent.
 */
export function refusedRequestsLog(logger: () => Logger, clock: Clock): (error: GatewayError) => void {
  const byReason = new Map<string, Refusals>();
  return ({ code, message, cause }) => {
    const reason = typeof cause === 'string' ? cause : message;
    const refusals = byReason.get(reason) ?? { requests: 0, loggedAtMs: -Infinity };
    byReason.set(reason, refusals);
    refusals.requests += 1;
    if (clock.now() - refusals.loggedAtMs < refusedRequestsIntervalMs) return;
    const { requests } = refusals;
    logger().warn({ code, reason, requests }, 'refused requests because of their credentials');
    Object.assign(refusals, { requests: 0, loggedAtMs: clock.now() });
  };
}

/** Logs when the keys of the token issuer cannot be fetched, and when they can again. */
export function signingKeysLog(logger: () => Logger): NonNullable<SigningKeysOptions['onChange']> {
  return (isAvailable, reason) =>
    isAvailable
      ? logger().warn('the keys of the token issuer can be fetched again')
      : logger().warn(
          { reason },
          'the keys of the token issuer cannot be fetched; once those in memory are 55 seconds old, callers get AUTHENTICATION_UNAVAILABLE',
        );
}
