import { readFileSync } from 'node:fs';
import type { TrustedDocuments } from '../../graphql/documents/trusted-documents.js';
import { trustedDocumentList } from '../../graphql/documents/trusted-documents.js';
import { schemaFolder } from '../../package-files.js';

const file = new URL('trusted-documents.json', schemaFolder);

/** The documented operations as trusted documents; the default where the operator configures no list. */
export function readBundledDocuments(): TrustedDocuments {
  return trustedDocumentList.parse(JSON.parse(readFileSync(file, 'utf8')));
}
