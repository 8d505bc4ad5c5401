import { z } from 'zod';
import { trustedDocumentList } from '../../graphql/trusted-documents.js';
import { file, flag, integer, oneOf, publicFile, secret, setting } from '../setting.js';

/** Settings of documents, federation and status codes. */
export const graphqlSettings = {
  trustedDocumentsMode: setting(
    'TRUSTED_DOCUMENTS',
    oneOf(['off', 'log', 'enforce']),
    'off',
    'Documents that may run. `off` allows every document; `log` allows every document and logs those outside the list of trusted documents; `enforce` allows only those of the list.',
  ),
  trustedDocuments: publicFile(
    file(
      'TRUSTED_DOCUMENTS_FILE',
      trustedDocumentList,
      'JSON file with the list of trusted documents. Without this setting the list holds the operations of `schema/operations`.',
    ),
  ),
  documentCacheMaxBytes: setting(
    'DOCUMENT_CACHE_MAX_BYTES',
    integer(0, 999_999_999),
    '16777216',
    'Most bytes of memory for parsed documents: their texts and their trees. `0` parses every document each time that it arrives, and so does a document that takes more than a quarter.',
  ),
  apqMaxBytes: setting(
    'APQ_MAX_BYTES',
    integer(0, 999_999_999),
    '4194304',
    'Most bytes of memory for documents that clients register by automatic persisted queries. `0` turns automatic persisted queries off.',
  ),
  routerSecret: secret(
    'ROUTER_SECRET',
    'Secret of at least 16 characters that a federation router sends in the header `x-router-secret` to use the subgraph. Without this setting every caller counts as a router outside production, and none in production.',
    z.string().min(16, 'must hold at least 16 characters'),
  ),
  legacyStatusCodes: setting(
    'LEGACY_STATUS_CODES',
    flag(),
    'false',
    'Whether an invalid document or variable gets status 200 in place of 400 if the header `accept` does not name `application/graphql-response+json`.',
  ),
};

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
