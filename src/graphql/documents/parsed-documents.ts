import { type DocumentNode, visit } from 'graphql';
import { SegmentedLru } from './segmented-lru.js';

/** Rough size of an entry without its document: its key, and what the gateway keeps about the document's cost. */
const overheadBytes = 2048;
/** Most bytes that a node of the tree was measured to take, with its names and its location, rounded up. */
const nodeBytes = 256;
/** Bytes of a character of the text, which locations need. */
const characterBytes = 2;
/** Bytes of an escape sequence in a string: the parser joins the parts of such a string and keeps all of them. */
const escapeBytes = 64;

/**
 * The documents that were parsed and validated, by the hash of their text, so that a repeated document costs neither again.
 * Apollo's own cache counts the characters of the tree as JSON, of which the memory is a multiple.
 */
export class ParsedDocuments extends SegmentedLru<DocumentNode> {
  /**
   * @param maxBytes most bytes of texts and trees, a number from 0 up; 0 stores none
   */
  constructor(maxBytes: number) {
    super(maxBytes, bytesOf);
  }

  /** @param key ends in the hash; Apollo puts a hash of the schema before it */
  override async get(key: string): Promise<DocumentNode | undefined> {
    return this.find(hashIn(key));
  }

  override async set(key: string, document: DocumentNode): Promise<void> {
    dropTokens(document);
    await super.set(hashIn(key), document);
  }

  override delete(key: string): Promise<boolean> {
    return super.delete(hashIn(key));
  }
}

function hashIn(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1);
}

/** Locations lead to the list of all tokens, comments included. Errors need only their offsets and the text. */
function dropTokens(document: DocumentNode): void {
  visit(document, {
    enter({ loc }) {
      if (loc) Object.assign(loc, { startToken: undefined, endToken: undefined });
    },
  });
}

function bytesOf(document: DocumentNode): number {
  let nodes = 0;
  visit(document, {
    enter() {
      nodes += 1;
    },
  });
  const text = document.loc?.source.body ?? '';
  const escapes = text.split('\\').length - 1;
  return overheadBytes + nodes * nodeBytes + text.length * characterBytes + escapes * escapeBytes;
}
