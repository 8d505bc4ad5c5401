import type { Logger } from 'pino';
import type { SigningKeysOptions } from '../access/signing-keys.js';
import type { Clock } from '../clock.js';
import type { GatewayError } from '../errors.js';

/** Milliseconds between two lines for one reason: clients can send any number of wrong tokens. */
const intervalMs = 60_000;

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
    if (clock.now() - refusals.loggedAtMs < intervalMs) return;
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
