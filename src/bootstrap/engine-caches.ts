import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import type { Rows } from '../retrieval/lookup/lanes.js';
import { type Page, pageCodec, sizeOfPage } from '../retrieval/pages/page.js';
import { rowsCodec, sizeOfRows } from '../retrieval/rows-cache.js';
import {
  type Cache,
  type CacheStats,
  type Codec,
  MemoryCache,
  type MemoryCacheStats,
  TieredCache,
} from '../traffic/cache/cache.js';
import { type Claims, ownClaims, RedisClaims } from '../traffic/cache/claims.js';
import { RedisCache, type RedisCacheStats } from '../traffic/cache/redis-cache.js';
import type { OnSlowChange } from '../traffic/resilience/guarded-redis.js';
import type { OnReadyChange } from '../traffic/resilience/redis-connection.js';
import type { RedisKeyKind, RedisKeySpace } from '../traffic/resilience/redis-key-space.js';
import type { RedisKeySpaces } from './api-keys.js';
import { redisLog, slowRedisLog } from './event-log.js';

interface EngineCachesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Most bytes of records in memory. */
  readonly maxBytes: number;
  readonly keySpaces: RedisKeySpaces;
}

/** The cache of records. */
interface CacheUsage {
  /** Bytes in memory. */
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Whether Redis can be used now; undefined where none is configured. */
  readonly isRedisUp: boolean | undefined;
}

/** Bytes of the largest page: what the client reads at most. */
const maxPageBytes = 16 * 1024 * 1024;

/** Milliseconds for which a page that was found in Redis is copied to memory. */
const pageCopyTtlMs = 60_000;

/** Milliseconds that a page may travel to Redis and back, whatever the timeout of other commands is. */
const minPageTimeoutMs = 1000;

const forgedValue =
  'Redis holds a record that no replica wrote; the gateway ignores it. Check what else can write to this Redis.';

/** The caches that all engines share. Each engine has its own part of them. */
export class EngineCaches {
  readonly records: Cache<Rows>;
  /** Pages that were bought, shared with other replicas where Redis is set. */
  readonly pages: Cache<Page>;
  /** Pages of this process alone: for texts of messages that the operator does not let into Redis. */
  readonly privatePages: Cache<Page>;
  /** Lets one replica at a time buy a page. */
  readonly pageClaims: Claims;

  constructor(options: EngineCachesOptions) {
    this.records = createRecordCache(options);
    const { config, clock } = options;
    const { url } = config.redis;
    const maxBytes =
      url === undefined ? config.cache.pageMaxBytes : Math.floor(config.cache.pageMaxBytes / 2);
    const page = { clock, maxBytes, sizeOf: sizeOfPage, codec: pageCodec, copyTtlMs: pageCopyTtlMs };
    const shared = { ...page, ...redisParts(options) };
    // A page is a thousand times larger than the rows of an id, and takes longer to travel. To wait costs less than to buy it.
    const commandTimeoutMs = Math.max(minPageTimeoutMs, config.redis.timeoutMs);
    const large = { kind: 'pages', maxValueBytes: maxPageBytes, commandTimeoutMs } as const;
    this.privatePages = createCache<Page>({ ...shared, redisUrl: undefined });
    this.pages =
      url === undefined ? this.privatePages : createCache<Page>({ ...shared, ...large, redisUrl: url });
    this.pageClaims =
      url === undefined ? ownClaims : new RedisClaims({ ...shared, redis: url, commandTimeoutMs });
  }

  /** Use of the cache of records. A cache in memory has its counters at the top, and one with Redis has them by tier. */
  get usage(): CacheUsage {
    const { hits, misses, ...stats } = this.records.stats() as CacheStats & {
      readonly bytes?: number;
      readonly memory?: MemoryCacheStats;
      readonly shared?: RedisCacheStats;
    };
    const bytes = stats.bytes ?? stats.memory?.bytes ?? 0;
    return { hits, misses, bytes, isRedisUp: stats.shared?.redis.isUsable };
  }

  async close(): Promise<void> {
    const caches = [this.records, this.pages, this.privatePages, this.pageClaims];
    await Promise.all(caches.map((cache) => cache.close()));
  }
}

function redisParts({ keySpaces, logger }: EngineCachesOptions) {
  return {
    keySpaceOf: (key: string) => keySpaces.ofCacheKey(key),
    onForgedValue: () => logger.warn(forgedValue),
  };
}

function createRecordCache(options: EngineCachesOptions): Cache<Rows> {
  const { config, clock, logger, maxBytes } = options;
  const { url: redisUrl, timeoutMs: commandTimeoutMs } = config.redis;
  return createCache<Rows>({
    ...redisParts(options),
    ...{ redisUrl, clock, maxBytes, commandTimeoutMs },
    sizeOf: sizeOfRows,
    codec: rowsCodec,
    copyTtlMs: config.cache.pendingTtlMs,
    onRedisChange: redisLog(logger),
    onSlowChange: slowRedisLog(logger, commandTimeoutMs),
  });
}

interface CacheOptions<Value> {
  /** The Redis in which replicas share values; undefined for a cache in memory only. */
  readonly redisUrl: string | undefined;
  readonly clock: Clock;
  /** Maximum size of all values in memory, in bytes. */
  readonly maxBytes: number;
  /** Bytes that a value takes in memory. */
  sizeOf(value: Value): number;
  readonly codec: Codec<Value>;
  /** Milliseconds for which a value found in Redis is copied to memory. */
  readonly copyTtlMs: number;
  /** What the values are; it begins their names in Redis. Default: `records`. */
  readonly kind?: RedisKeyKind;
  /** Maximum size of a value in Redis, in bytes. Default: that of a RedisCache. */
  readonly maxValueBytes?: number;
  /** Milliseconds after which a command to Redis has failed. Default: that of a RedisCache. */
  readonly commandTimeoutMs?: number;
  /** Called once when the connection to Redis is lost or cannot be made, and once when it is back. */
  readonly onRedisChange?: OnReadyChange | undefined;
  /** Called once when commands to Redis begin to fail or take too long, and once when they work again. */
  readonly onSlowChange?: OnSlowChange | undefined;
  /** The part of Redis in which a value is shared; undefined for a value that stays in memory. */
  keySpaceOf(key: string): RedisKeySpace | undefined;
  /** Called once, for the first value in Redis that no replica wrote. */
  onForgedValue?(): void;
}

/** A cache in memory, in front of Redis where a URL is given. */
function createCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  const { redisUrl, copyTtlMs, onRedisChange: onReadyChange } = options;
  const memory = new MemoryCache<Value>(options);
  if (redisUrl === undefined) return memory;
  const shared = new RedisCache<Value>({ ...options, redis: redisUrl, onReadyChange });
  return new TieredCache<Value>({ memory, shared, copyTtlMs: () => copyTtlMs });
}
