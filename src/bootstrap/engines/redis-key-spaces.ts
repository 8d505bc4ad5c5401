import type { RecordEngines } from '../../retrieval/record-engines.js';
import { RedisKeySpace } from '../../traffic/resilience/redis-key-space.js';
import type { Credentials } from '../../vonage/credentials.js';

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
