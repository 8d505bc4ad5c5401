import { flag, integer } from '../parsers.js';
import { setting } from '../setting.js';

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
