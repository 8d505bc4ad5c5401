import type { Config } from '../config/config.js';
import { type Page, pageCodec, sizeOfPage } from '../retrieval/pages/page.js';
import type { Cache } from '../traffic/cache/cache.js';
import { type Claims, ownClaims, RedisClaims } from '../traffic/cache/claims.js';
import { type CacheOptions, createCache } from '../traffic/cache/create-cache.js';

/** Where pages of records are kept. */
export interface PageCaches {
  /** Shared with other replicas where Redis is set. */
  readonly shared: Cache<Page>;
  /** Of this process alone: for texts of messages that the operator does not let into Redis. */
  readonly ownProcess: Cache<Page>;
  /** Lets one replica at a time buy a page. */
  readonly claims: Claims;
}

/** Bytes of the largest page: what the client reads at most. */
const maxPageBytes = 16 * 1024 * 1024;

/** Milliseconds for which a page that was found in Redis is copied to memory. */
const copyTtlMs = 60_000;

/** Milliseconds that a page may travel to Redis and back, whatever the timeout of other commands is. */
const minPageTimeoutMs = 1000;

/** Creates the caches of pages. Without Redis they are one. */
export function createPageCaches(
  { cache, redis }: Config,
  parts: Pick<CacheOptions<Page>, 'clock' | 'keySpaceOf' | 'onForgedValue'>,
): PageCaches {
  const maxBytes = redis.url === undefined ? cache.pageMaxBytes : Math.floor(cache.pageMaxBytes / 2);
  const options = { ...parts, maxBytes, sizeOf: sizeOfPage, codec: pageCodec, copyTtlMs };
  const ownProcess = createCache<Page>({ ...options, redisUrl: undefined });
  if (redis.url === undefined) return { shared: ownProcess, ownProcess, claims: ownClaims };
  // A page is a thousand times larger than the rows of an id, and takes longer to travel. To wait costs less than to buy it.
  const commandTimeoutMs = Math.max(minPageTimeoutMs, redis.timeoutMs);
  const large = { kind: 'pages', maxValueBytes: maxPageBytes, commandTimeoutMs } as const;
  const claims = new RedisClaims({ ...parts, redis: redis.url, commandTimeoutMs });
  return { shared: createCache<Page>({ ...options, ...large, redisUrl: redis.url }), ownProcess, claims };
}
