import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import type { AccountKeys, RecordEngines } from '../retrieval/record-engines.js';
import type { RunningRateLimiter } from '../traffic/rate-limit/create-rate-limiter.js';
import { RedisKeySpace } from '../traffic/resilience/redis-key-space.js';
import { Credentials } from '../vonage/credentials.js';
import { VonageClient } from '../vonage/vonage-client.js';

/** What logs and metrics show for an account that a caller named and the operator did not configure. */
export const otherAccounts = 'other';

/** Accounts that the operator configured. */
export function configuredAccounts({
  apiKey,
  apiSecret,
  accountId,
  accountKeys,
}: Config['vonage']): ReadonlySet<string> {
  const fallback = apiKey && apiSecret ? [accountId ?? apiKey] : [];
  return new Set([...accountKeys.keys(), ...fallback]);
}

/** The operator's credentials: one pair for each listed account, and one pair for every other account. */
export function credentialsByAccount({ apiKey, apiSecret, accountKeys }: Config['vonage']): AccountKeys {
  return {
    accounts: accountKeys,
    fallback: apiKey && apiSecret ? new Credentials(apiKey, apiSecret) : undefined,
  };
}

/** Open connections of all keys that Vonage has not accepted yet, at most. */
const verifierConnections = 16;

/** Open connections of one key at most, whatever its rate is. */
const maxConnectionsOfKey = 256;

/** The clients that are open. Each key has connections of its own, so that calls of one key that hang hold back no other key. */
export class VonageClients {
  readonly #vonage: Config['vonage'];
  readonly #clock: Clock;
  readonly #open = new Set<VonageClient>();

  constructor(vonage: Config['vonage'], clock: Clock) {
    this.#vonage = vonage;
    this.#clock = clock;
  }

  /** For one key: as many connections as its calls can be in flight, which is its rate for as long as a call may take. */
  openForKey(): VonageClient {
    const { ratePerSecond, callTimeoutMs } = this.#vonage;
    return this.#openWith(Math.min(maxConnectionsOfKey, Math.ceil((ratePerSecond * callTimeoutMs) / 1000)));
  }

  /** For all keys that Vonage has not accepted yet. */
  openForVerifier(): VonageClient {
    return this.#openWith(verifierConnections);
  }

  async close(client: VonageClient): Promise<void> {
    await client.close();
    this.#open.delete(client);
  }

  /** Ends the calls that are in flight; what they return would be billed and lost anyway. */
  async abort(): Promise<void> {
    await Promise.all([...this.#open].map((client) => client.abort()));
  }

  #openWith(maxConnections: number): VonageClient {
    const { baseUrl, callTimeoutMs: timeoutMs } = this.#vonage;
    const client = new VonageClient({ baseUrl, clock: this.#clock, timeoutMs, maxConnections });
    this.#open.add(client);
    return client;
  }
}

interface Leased extends RunningRateLimiter {
  leases: number;
}

/** Milliseconds for which a rate limiter without users is kept. Its calls count for a second, and a margin. */
const rateLimiterKeepMs = 3000;

/**
 * One rate limiter for each API key of callers, whatever secrets they bring: Vonage limits the key. It is closed when it has
 * had no user for longer than its calls count.
 */
export class OwnRateLimiters {
  readonly #clock: Clock;
  readonly #create: () => RunningRateLimiter;
  readonly #byKey = new Map<string, Leased>();

  constructor(clock: Clock, create: () => RunningRateLimiter) {
    this.#clock = clock;
    this.#create = create;
  }

  /** The rate limiter of an API key until `close` is called. */
  lease(apiKey: string): RunningRateLimiter {
    const leased = this.#byKey.get(apiKey) ?? { ...this.#create(), leases: 0 };
    this.#byKey.set(apiKey, leased);
    leased.leases += 1;
    const { rateLimiter, state } = leased;
    return { rateLimiter, state, close: async () => this.#end(apiKey, leased) };
  }

  #end(apiKey: string, leased: Leased): void {
    leased.leases -= 1;
    if (leased.leases > 0) return;
    this.#clock.setTimer(rateLimiterKeepMs, () => {
      if (leased.leases > 0 || this.#byKey.get(apiKey) !== leased) return;
      this.#byKey.delete(apiKey);
      void leased.close();
    });
  }
}

/** The part of Redis of each API key of the operator. It follows from the key's secret, so another secret has another one. */
export class RedisKeySpaces {
  readonly #engines: () => RecordEngines;
  readonly #known = new WeakMap<Credentials, RedisKeySpace>();

  /** @param engines the engines of the operator's keys */
  constructor(engines: () => RecordEngines) {
    this.#engines = engines;
  }

  of(credentials: Credentials): RedisKeySpace {
    const known = this.#known.get(credentials);
    if (known) return known;
    const keySpace = new RedisKeySpace(() => credentials.deriveKey('vonage-records-gateway redis'));
    this.#known.set(credentials, keySpace);
    return keySpace;
  }

  /** The part of the key that asks for an account. Throws an Error where the operator has none. */
  ofAccount(accountId: string): RedisKeySpace {
    const credentials = this.#engines().credentialsFor(accountId);
    if (credentials) return this.of(credentials);
    throw new Error('Only keys of the operator have a part of Redis.');
  }

  /** The part for a cached value, whose key begins with the name of its engine; undefined where the engine has gone. */
  ofCacheKey(key: string): RedisKeySpace | undefined {
    const credentials = this.#engines().credentialsOf(key.slice(0, key.indexOf('/')));
    return credentials && this.of(credentials);
  }
}
