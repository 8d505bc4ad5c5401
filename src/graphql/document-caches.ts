import { type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Share of the bytes for values that no client has requested since they were stored. */
const unrequestedShare = 1 / 4;

/**
 * A cache of Apollo's interface, bounded by bytes. A flood of new values displaces only unrequested ones: a value that a
 * client requests again moves to a larger part.
 */
class SegmentedLru<Value extends object | string> {
  readonly #unrequested: LRUCache<string, Value>;
  readonly #requested: LRUCache<string, Value>;

  /**
   * @param maxBytes a number from 0 up; 0 stores none, and a value larger than a quarter is not stored
   * @param bytesOf the bytes of memory that an entry takes
   */
  constructor(maxBytes: number, bytesOf: (value: Value, key: string) => number) {
    const unrequestedBytes = Math.floor(maxBytes * unrequestedShare);
    this.#unrequested = cacheOf(unrequestedBytes, bytesOf);
    this.#requested = cacheOf(Math.floor(maxBytes) - unrequestedBytes, bytesOf);
  }

  /** Bytes of all stored values, roughly. */
  get bytes(): number {
    return this.#unrequested.calculatedSize + this.#requested.calculatedSize;
  }

  /** Number of stored values. */
  get entries(): number {
    return this.#unrequested.size + this.#requested.size;
  }

  async get(key: string): Promise<Value | undefined> {
    return this.find(key);
  }

  /** The same at once. */
  find(key: string): Value | undefined {
    const value = this.#requested.get(key) ?? this.#unrequested.get(key);
    if (value !== undefined && this.#unrequested.delete(key)) this.#requested.set(key, value);
    return value;
  }

  async set(key: string, value: Value): Promise<void> {
    if (!this.#requested.has(key)) this.#unrequested.set(key, value);
  }

  async delete(key: string): Promise<boolean> {
    return this.#unrequested.delete(key) || this.#requested.delete(key);
  }
}

/** LRUCache needs a size of at least one byte; no value fits into it. */
function cacheOf<Value extends object | string>(
  maxBytes: number,
  bytesOf: (value: Value, key: string) => number,
): LRUCache<string, Value> {
  return new LRUCache<string, Value>({ maxSize: Math.max(1, maxBytes), sizeCalculation: bytesOf });
}

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

/** Rough size of an entry without its texts. */
const queryOverheadBytes = 512;

/** The documents that clients registered by automatic persisted queries. */
export class PersistedQueries extends SegmentedLru<string> {
  /**
   * @param maxBytes a number from 0 up; 0 stores none
   */
  constructor(maxBytes: number) {
    super(maxBytes, (text, key) => queryOverheadBytes + 2 * (key.length + text.length));
  }
}
