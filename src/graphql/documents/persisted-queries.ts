import { SegmentedLru } from './segmented-lru.js';

/** Rough size of an entry without its texts. */
const overheadBytes = 512;

/** The documents that clients registered by automatic persisted queries. */
export class PersistedQueries extends SegmentedLru<string> {
  /**
   * @param maxBytes a number from 0 up; 0 stores none
   */
  constructor(maxBytes: number) {
    super(maxBytes, (text, key) => overheadBytes + 2 * (key.length + text.length));
  }
}
