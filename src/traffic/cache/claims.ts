import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { GuardedRedis, type GuardedRedisOptions } from '../resilience/guarded-redis.js';
import type { RedisKeySpace } from '../resilience/redis-key-space.js';

/** A claim that is held. It must be given up when its work has ended, however it ended. */
export interface Claim {
  /** For work without a result: another replica can claim it at once. */
  release(): void;
  /** For work whose result is on its way into the common store: the claim runs out within seconds. */
  letExpire(): void;
}

/** Lets one replica at a time do a piece of work, so that the others can take over its result. */
export interface Claims {
  /** Undefined while another replica holds the claim. Never rejects: without a common store every claim is granted. */
  claim(key: string): Promise<Claim | undefined>;
  close(): Promise<void>;
}

/** The claims of a process that shares nothing with others. */
export const ownClaims: Claims = {
  claim: async () => ({ release() {}, letExpire() {} }),
  close: async () => {},
};

export interface RedisClaimsOptions extends GuardedRedisOptions {
  readonly clock: Clock;
  /** The part of Redis for a key; undefined for one that is not shared. */
  keySpaceOf(key: string): RedisKeySpace | undefined;
}

/** Milliseconds for which a claim outlives its replica. */
const ttlMs = 10_000;
/** Milliseconds between two renewals of a claim. */
const renewalMs = 3000;

/** Both scripts touch a claim of this process only: another replica can have it after it ran out. */
const releaseScript = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end";
const renewScript =
  "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end";

/** Claims in Redis. */
export class RedisClaims implements Claims {
  readonly #options: RedisClaimsOptions;
  readonly #redis: GuardedRedis;

  constructor(options: RedisClaimsOptions) {
    this.#options = options;
    this.#redis = new GuardedRedis(options);
  }

  async claim(key: string): Promise<Claim | undefined> {
    const name = this.#options.keySpaceOf(key)?.nameOf('claims', key);
    if (name === undefined) return ownClaims.claim(key);
    const holder = randomUUID();
    // Undefined when Redis does not reply, and null when the key exists.
    const reply = await this.#redis.run((redis) => redis.set(name, holder, 'PX', ttlMs, 'NX'));
    return reply === null ? undefined : this.#hold(name, holder);
  }

  async close(): Promise<void> {
    await this.#redis.close();
  }

  #hold(name: string, holder: string): Claim {
    const { clock } = this.#options;
    const renew = () => {
      void this.#redis.run((redis) => redis.eval(renewScript, 1, name, holder, ttlMs));
      cancel = clock.setTimer(renewalMs, renew);
    };
    let cancel = clock.setTimer(renewalMs, renew);
    const release = () => {
      cancel();
      void this.#redis.run((redis) => redis.eval(releaseScript, 1, name, holder));
    };
    return { release, letExpire: () => cancel() };
  }
}
