import { parseRedisUrl } from '../../traffic/resilience/redis-url.js';
import { flag, integer, secret, setting, textThat } from '../setting.js';

/** Settings of the record cache. */
export const cacheSettings = {
  maxBytes: setting(
    'CACHE_MAX_BYTES',
    integer(0, 999_999_999),
    '67108864',
    'Most bytes of memory for cached records and responses. `0` turns the cache in memory off.',
  ),
  finalTtlMs: setting(
    'CACHE_FINAL_TTL_MS',
    integer(0, 999_999_999),
    '86400000',
    'Milliseconds for which the cache keeps a final record, which Vonage does not change again.',
  ),
  pendingTtlMs: setting(
    'CACHE_PENDING_TTL_MS',
    integer(0, 999_999_999),
    '5000',
    'Milliseconds for which the cache keeps a pending record, which Vonage may still change.',
  ),
  notFoundTtlMs: setting(
    'CACHE_NOT_FOUND_TTL_MS',
    integer(0, 999_999_999),
    '2000',
    'Milliseconds for which the cache keeps the fact that Vonage did not find an id.',
  ),
  pageMaxBytes: setting(
    'PAGE_CACHE_MAX_BYTES',
    integer(0, 999_999_999),
    '33554432',
    'Most bytes of memory for pages of records by date, which are kept for ten minutes so that none is bought twice. `0` keeps none: each request then buys its page again.',
  ),
  messageBodies: setting(
    'CACHE_MESSAGE_BODIES',
    flag(),
    'false',
    'Whether the cache may keep records with the text of a message. Pages of lists by date stay in memory for ten minutes in any case.',
  ),
};

/** Settings of the Redis server that replicas share. */
export const redisSettings = {
  url: secret(
    'REDIS_URL',
    'Redis through which replicas share the rate of an API key, the cache and the quotas of callers: a URL such as `redis://127.0.0.1:6379`, the path of a socket, nodes of a cluster such as `redis://10.0.0.1:6379,10.0.0.2:6379` or `redis+cluster://cache.internal:6379`, or sentinels and the name of the master such as `redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/mymaster`. With `rediss` in place of `redis` the connection is encrypted. A user and a password stand before the hosts, such as `redis://user:password@127.0.0.1`; write `%` in them as `%25`. Without this setting each replica has its own.',
    textThat(
      (text) => parseRedisUrl(text) !== undefined,
      'must be a redis or rediss URL, hosts of a cluster as redis://HOST:PORT,HOST:PORT, sentinels as redis+sentinel://HOST:PORT,HOST:PORT/MASTER, or the path of a socket; % in a password is %25',
    ),
  ),
  timeoutMs: setting(
    'REDIS_TIMEOUT_MS',
    integer(1, 10_000),
    '50',
    'Milliseconds after which the gateway stops to wait for a command to Redis. Five commands in a row that take longer make a Redis slow: the gateway logs it and uses its own cache and quotas for five seconds. Raise the value for a Redis that is far away, since each lookup that memory cannot answer waits for it.',
  ),
  replicas: setting(
    'REPLICAS',
    integer(1, 1000),
    undefined,
    'Number of replicas among which the gateway divides the rate of an API key while Redis does not answer. Needs `REDIS_URL`. Without this setting the gateway uses the number that Redis last counted, or 1.',
  ),
};
