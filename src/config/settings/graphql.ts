import { z } from 'zod';
import { trustedDocumentList } from '../../graphql/documents/trusted-documents.js';
import { flag, integer, oneOf } from '../parsers.js';
import { file, publicFile, secret, setting } from '../setting.js';

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
