import { isRedisUrl } from '../../urls.js';
import { integer, textThat } from '../parsers.js';
import { secret, setting } from '../setting.js';

/** Settings of the Redis server that replicas share. */
export const redisSettings = {
  url: secret(
    'REDIS_URL',
    'Redis server through which replicas share the rate of an API key, the cache and the quotas of callers: a redis or rediss URL such as `redis://127.0.0.1:6379`, or the path of a socket. Write `%` in a password as `%25`. Without this setting each replica has its own.',
    textThat(isRedisUrl, 'must be a redis or rediss URL, or the path of a socket; % in a password is %25'),
  ),
  replicas: setting(
    'REPLICAS',
    integer(1, 1000),
    undefined,
    'Number of replicas among which the gateway divides the rate of an API key while Redis does not answer. Needs `REDIS_URL`. Without this setting the gateway uses the number that Redis last counted, or 1.',
  ),
};
