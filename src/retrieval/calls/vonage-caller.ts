import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { RateLimiter, StartedCall } from '../../traffic/rate-limit/rate-limiter.js';
import type { CircuitBreaker } from '../../traffic/resilience/circuit-breaker.js';
import type { CallLifecycleListener } from '../../vonage/call-lifecycle.js';
import type { Credentials, RefusedCredentials } from '../../vonage/credentials.js';
import { rateLimitPauseMs, retryDelayMs } from '../../vonage/retry.js';

/** One call to Vonage, whatever it asks for. */
export interface VonageCall<Response> {
  /** Names what is asked for: the circuit breaker counts the failures of one source once. */
  readonly source: string;
  /** Calls of one kind get their responses after a similar time. */
  readonly kind: 'ids' | 'page';
  /** Calls for the same that failed before; they count as attempts of this one. */
  readonly earlierFailures: number;
  /** Sends the call. Rejects with a GatewayError. */
  send(credentials: Credentials, listener: CallLifecycleListener): Promise<Response>;
  /** Called each time the call is written to its connection: once for each attempt. */
  onSent(): void;
  /** Whether an operation still waits for the response. */
  isWanted(): boolean;
  /** When the last operation stops waiting, in epoch milliseconds. */
  latestDeadlineMs(): number;
  /** Resolves with the token for one more attempt. */
  acquireNext(): Promise<void>;
}

export interface VonageCallerOptions {
  /** The credentials as they are now: a secret can be changed at any time. */
  credentials(): Credentials;
  readonly refused: RefusedCredentials;
  readonly rateLimiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  /** A number from 0 up to, not including, 1; spreads retries. */
  random(): number;
  /** Told of every 429, and for how many milliseconds all calls of the key pause. */
  onRateLimited(pauseMs: number): void;
}

/** What became of the earlier attempts of one call. */
interface Attempts {
  /** Attempts that ended with a 429. */
  refusals: number;
  /** Attempts that failed in another way, earlier calls included. */
  failures: number;
  /** When the latest attempt began, in epoch milliseconds. */
  startedAtMs: number;
}

/**
 * Makes single calls safely: with a token of the rate, behind the breaker, never with credentials that Vonage refused, and
 * again only where nothing was billed. Knows neither ids nor rows.
 */
export class VonageCaller {
  readonly #options: VonageCallerOptions;
  #calls = 0;

  constructor(options: VonageCallerOptions) {
    this.#options = options;
  }

  /** Calls that were sent, repeated ones included. */
  get calls(): number {
    return this.#calls;
  }

  /** Makes a call whose token is held. Rejects with the GatewayError of its last attempt. */
  async call<Response>(call: VonageCall<Response>): Promise<Response> {
    const attempts: Attempts = { refusals: 0, failures: call.earlierFailures, startedAtMs: 0 };
    for (;;) {
      const credentials = this.#options.credentials();
      attempts.startedAtMs = this.#options.clock.now();
      try {
        return await this.#attempt(call, credentials);
      } catch (error) {
        const delayMs = this.#delayBeforeRetry(error, attempts, credentials, call);
        if (delayMs === undefined || !call.isWanted()) throw error;
        await this.#wait(delayMs);
        await call.acquireNext();
        if (call.isWanted()) continue;
        this.#options.rateLimiter.release();
        throw error;
      }
    }
  }

  /** Credentials that were replaced while their call was in flight are no reason to fail it. */
  #delayBeforeRetry(
    error: unknown,
    attempts: Attempts,
    used: Credentials,
    call: VonageCall<unknown>,
  ): number | undefined {
    const { random, credentials } = this.#options;
    if (!(error instanceof GatewayError)) return undefined;
    if (error.code === 'UPSTREAM_UNAUTHORIZED') return credentials() === used ? undefined : 0;
    if (error.upstream?.status === 429) return this.#pauseKey(error, attempts, call);
    attempts.failures += 1;
    return retryDelayMs(error, attempts.failures, random);
  }

  /**
   * A 429 is about the key and not about the call, so every call of the key pauses. It cost nothing, so the call is
   * repeated for as long as another attempt can end before the last operation stops waiting. Returns 0 for a repetition:
   * the rate limiter does the waiting.
   */
  #pauseKey(error: GatewayError, attempts: Attempts, call: VonageCall<unknown>): number | undefined {
    const { rateLimiter, onRateLimited, clock } = this.#options;
    attempts.refusals += 1;
    const pauseMs = rateLimitPauseMs(error, attempts.refusals);
    rateLimiter.pause(pauseMs);
    onRateLimited(pauseMs);
    const nowMs = clock.now();
    const attemptMs = nowMs - attempts.startedAtMs;
    // Calls of the key can be spaced further apart than the pause.
    const waitMs = Math.max(pauseMs, rateLimiter.estimateMs(1));
    return nowMs + waitMs + attemptMs < call.latestDeadlineMs() ? 0 : undefined;
  }

  /** A token whose call was never written, refused by the breaker or without a connection, is released: Vonage counts arrivals. */
  async #attempt<Response>(call: VonageCall<Response>, credentials: Credentials): Promise<Response> {
    const { rateLimiter, breaker, refused } = this.#options;
    let started: StartedCall | undefined;
    let isSent = false;
    const onRequestStart = () => {
      isSent = true;
      this.#calls += 1;
      started = rateLimiter.started(call.kind);
      call.onSent();
    };
    const onResponseStart = (status: number) => {
      if (status === 200) started?.responded();
    };
    try {
      refused.throwIfRefused(credentials);
      const response = await breaker.run(
        () => call.send(credentials, { onRequestStart, onResponseStart }),
        call.source,
      );
      refused.record(credentials);
      return response;
    } catch (error) {
      refused.record(credentials, error);
      if (error instanceof GatewayError && error.upstream?.status === 429) started?.refused();
      throw error;
    } finally {
      if (!isSent) rateLimiter.release();
    }
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.setTimer(delayMs, resolve);
    });
  }
}

/** Why a call was not sent; the next operation that wants its ids looks them up anew. */
export function abandonedCall(): GatewayError {
  return new GatewayError('CANCELLED', 'No operation waited for the call any more.', { neverSent: true });
}
