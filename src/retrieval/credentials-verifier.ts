import { LRUCache } from 'lru-cache';
import { Product } from '../catalogue/product.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { RateLimiter, StartedCall } from '../traffic/rate-limit/rate-limiter.js';
import { Bulkhead } from '../traffic/resilience/bulkhead.js';
import { type Credentials, provesAcceptance } from '../vonage/credentials.js';
import { rateLimitPauseMs } from '../vonage/retry.js';
import type { RecordsSource } from './calls/ids-calls.js';
import { RefusedPairs, refusedByVonage } from './refused-pairs.js';
import { outcomeOfFailure, outcomeOfResponse, type RetrievalObserver } from './retrieval-observer.js';

/** A rate limiter, and how to tell that it is not needed any more. */
interface LeasedRateLimiter {
  readonly rateLimiter: RateLimiter;
  close(): Promise<void>;
}

export interface CredentialsVerifierOptions {
  readonly source: RecordsSource;
  readonly clock: Clock;
  readonly observer?: RetrievalObserver | undefined;
  /** The rate limiter of all calls with an API key. */
  leaseRateLimiter(apiKey: string): LeasedRateLimiter;
}

/** An id that no report has: a lookup that finds nothing costs nothing, and lookups of this product cost nothing at all. */
export const unknownId = '00000000-0000-0000-0000-000000000000';

/** Milliseconds after which an accepted pair is checked again in the background, and after which it must be checked first. */
const freshMs = 10 * 60_000;
const acceptedMs = 60 * 60_000;

/** Milliseconds between two checks of an accepted pair that Vonage did not answer. */
const recheckMs = 5000;

/** Milliseconds for which a caller waits for a check. The check itself goes on. */
const waitMs = 5000;

/** Accepted pairs that are remembered. */
const maxAccepted = 10_000;

/** A client can invent any number of pairs. Their checks leave most connections to callers with accepted pairs. */
const checks = {
  maxConcurrent: 4,
  maxQueued: 100,
  overloadedMessage:
    'Too many callers wait whose keys Vonage has not accepted yet; try again after retryAfterMs.',
};

interface Acceptance {
  readonly atMs: number;
  recheckAtMs: number;
}

/**
 * Finds out with a free call whether Vonage accepts a caller's API key and secret, before the caller gets anything. A pair
 * that it accepted is checked again now and then, so that a withdrawn secret does not read the cache for long.
 */
export class CredentialsVerifier {
  readonly #options: CredentialsVerifierOptions;
  readonly #accepted = new LRUCache<string, Acceptance>({ max: maxAccepted });
  readonly #refused: RefusedPairs;
  readonly #bulkhead = new Bulkhead(checks);
  /** Checks in progress by pair, which all requests with the pair share, and their number by API key. */
  readonly #checks = new Map<string, Promise<void>>();
  readonly #checksByKey = new Map<string, number>();

  constructor(options: CredentialsVerifierOptions) {
    this.#options = options;
    this.#refused = new RefusedPairs(options.clock);
  }

  /**
   * Returns or resolves when Vonage accepts the credentials. Throws or rejects with UNAUTHENTICATED when it refuses them,
   * RATE_LIMITED after many refusals of the key, OVERLOADED while many others wait, and AUTHENTICATION_UNAVAILABLE when
   * Vonage does not say.
   *
   * @param pair names the credentials in this process
   */
  verify(pair: string, credentials: Credentials): void | Promise<void> {
    const nowMs = this.#options.clock.now();
    const acceptance = this.#accepted.get(pair);
    const ageMs = nowMs - (acceptance?.atMs ?? -Infinity);
    if (!acceptance || ageMs >= acceptedMs) return this.#wait(this.#check(pair, credentials));
    if (ageMs < freshMs || nowMs < acceptance.recheckAtMs) return;
    acceptance.recheckAtMs = nowMs + recheckMs;
    // A failure does not matter before the acceptance has expired, and a refusal ends it.
    this.#check(pair, credentials).catch(() => undefined);
  }

  /** Records that Vonage refused credentials in a lookup: they are checked before they are used again. */
  recordRefusal(pair: string, { apiKey }: Credentials): void {
    this.#accepted.delete(pair);
    this.#refused.record(apiKey, pair);
  }

  #check(pair: string, credentials: Credentials): Promise<void> {
    const known = this.#checks.get(pair);
    if (known) return known;
    const check = this.#decide(pair, credentials).finally(() => this.#checks.delete(pair));
    this.#checks.set(pair, check);
    return check;
  }

  /** A pair that was accepted before is no guess, so neither the guesses of others nor their number hold it back. */
  async #decide(pair: string, credentials: Credentials): Promise<void> {
    if (this.#accepted.has(pair)) return this.#ask(pair, credentials);
    const { apiKey } = credentials;
    const checking = this.#checksByKey.get(apiKey) ?? 0;
    this.#refused.throwIfRefused(apiKey, pair, checking);
    this.#checksByKey.set(apiKey, checking + 1);
    try {
      await this.#bulkhead.run(() => this.#ask(pair, credentials));
    } finally {
      const left = (this.#checksByKey.get(apiKey) ?? 1) - 1;
      if (left > 0) this.#checksByKey.set(apiKey, left);
      else this.#checksByKey.delete(apiKey);
    }
  }

  async #ask(pair: string, credentials: Credentials): Promise<void> {
    const failure = await this.#call(credentials);
    if (failure instanceof GatewayError && failure.code === 'UPSTREAM_UNAUTHORIZED') {
      this.recordRefusal(pair, credentials);
      throw refusedByVonage();
    }
    if (failure !== undefined && !isOfVonage(failure)) throw unavailable(failure);
    this.#accepted.set(pair, { atMs: this.#options.clock.now(), recheckAtMs: 0 });
  }

  /** Makes the free call within the rate of its key, and returns what it failed with. */
  async #call(credentials: Credentials): Promise<unknown> {
    const { rateLimiter, close } = this.#options.leaseRateLimiter(credentials.apiKey);
    await rateLimiter.acquire();
    let started: StartedCall | undefined;
    let isSent = false;
    const onRequestStart = () => {
      isSent = true;
      started = rateLimiter.started('ids');
    };
    const onResponseStart = (status: number) => {
      if (status === 200) started?.responded();
    };
    try {
      return await this.#send(credentials, { onRequestStart, onResponseStart });
    } catch (failure) {
      if (failure instanceof GatewayError && failure.upstream?.status === 429)
        rateLimiter.pause(rateLimitPauseMs(failure, 1));
      return failure;
    } finally {
      if (!isSent) rateLimiter.release();
      void close();
    }
  }

  async #send(credentials: Credentials, listener: Parameters<RecordsSource['recordsByIds']>[2]) {
    const { source, clock, observer } = this.#options;
    const { apiKey } = credentials;
    const query = { account_id: apiKey, product: Product.REPORTS_USAGE, id: unknownId };
    const startedAtMs = clock.now();
    const call = () => ({
      ...{ accountId: apiKey, product: Product.REPORTS_USAGE, ids: 1 },
      durationMs: clock.now() - startedAtMs,
    });
    try {
      const response = await source.recordsByIds(query, credentials, listener);
      const { rows, failure } = response;
      const outcome = outcomeOfResponse(response);
      observer?.onCallEnded({ ...call(), outcome, recordsBilled: rows.length, failure });
      return undefined;
    } catch (failure) {
      observer?.onCallEnded({ ...call(), outcome: outcomeOfFailure(failure), recordsBilled: 0, failure });
      throw failure;
    }
  }

  /** Waits no longer than a client may take for its body, which is read after the check. */
  #wait(check: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.setTimer(waitMs, () => reject(unavailable('no answer in time')));
      check.then(resolve, reject).finally(cancel);
    });
  }
}

/** Whether Vonage itself refused the call for another reason than its credentials. A proxy's page in its place proves nothing. */
function isOfVonage(failure: unknown): boolean {
  if (!(failure instanceof GatewayError) || !provesAcceptance(failure)) return false;
  const { type, title, invalidParameters } = failure.upstream ?? {};
  return type !== undefined || title !== undefined || invalidParameters !== undefined;
}

function unavailable(cause: unknown): GatewayError {
  const askedMs = cause instanceof GatewayError ? cause.retryAfterMs : undefined;
  const message =
    'The API key and secret cannot be checked now, because Vonage does not answer; try again after retryAfterMs.';
  return new GatewayError('AUTHENTICATION_UNAVAILABLE', message, { cause, retryAfterMs: askedMs ?? 1000 });
}
