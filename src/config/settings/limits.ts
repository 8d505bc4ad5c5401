import { integer } from '../parsers.js';
import { setting } from '../setting.js';

/** Settings that bound one operation. */
export const limitSettings = {
  operationTimeoutMs: setting(
    'OPERATION_TIMEOUT_MS',
    integer(100, 600_000),
    '30000',
    'Milliseconds after which the gateway gives up an operation. They run from the arrival of its request, also while it waits for a busy process.',
  ),
  maxIds: setting('MAX_IDS', integer(1, 10_000), '1000', 'Most ids that one operation may look up.'),
  maxRecords: setting(
    'MAX_RECORDS',
    integer(1, 1_000_000),
    '5000',
    'Most records that one operation may return. An id that can have several records counts as two records; the records that a selected edge leads to count, too.',
  ),
  maxRangeDays: setting(
    'MAX_RANGE_DAYS',
    integer(1, 400),
    '31',
    'Longest window of `recordsByDate` in days, from `since` to `until`.',
  ),
  maxValues: setting(
    'MAX_VALUES',
    integer(100, 100_000_000),
    '250000',
    'Most values that the records of one response may hold. An object such as `raw` counts as 20 values.',
  ),
  maxCharacters: setting(
    'MAX_DOCUMENT_CHARACTERS',
    integer(1000, 16_777_216),
    '100000',
    'Most characters of a GraphQL document, comments and white space included.',
  ),
  maxTokens: setting(
    'MAX_TOKENS',
    integer(100, 100_000),
    '4000',
    'Most lexical tokens (names, numbers, strings and punctuators) of a GraphQL document. Its comments and commas together may be as many again.',
  ),
  maxDepth: setting(
    'MAX_DEPTH',
    integer(3, 100),
    '10',
    'Most levels of nested fields in an operation. Fields of introspection do not count.',
  ),
  maxAliases: setting(
    'MAX_ALIASES',
    integer(0, 10_000),
    '100',
    'Most aliases in an operation. The aliases of a fragment count each time that the operation spreads it.',
  ),
};
