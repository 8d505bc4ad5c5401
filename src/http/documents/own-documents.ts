import { readFileSync } from 'node:fs';
import type { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';
import { trustedDocumentList } from '../../graphql/documents/trusted-documents.js';

const file = new URL('../../../schema/trusted-documents.json', import.meta.url);

/** The documented operations as trusted documents, for an operator who has no list of their own. */
export function readOwnDocuments(): TrustedDocuments {
  return trustedDocumentList.parse(JSON.parse(readFileSync(file, 'utf8')));
}
