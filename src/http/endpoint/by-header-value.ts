import { LRUCache } from 'lru-cache';

/** Values that are remembered; the clients of a gateway send few. */
const maxValues = 100;

/**
 * Remembers what a header value means, because clients send the same few values again and again.
 *
 * @param meaningOf finds out the meaning of one value; must depend on nothing else
 */
export function byHeaderValue<Meaning extends string | boolean>(
  meaningOf: (value: string) => Meaning,
): (value: string) => Meaning {
  const known = new LRUCache<string, Meaning>({ max: maxValues });
  return (value) => {
    const remembered = known.get(value);
    if (remembered !== undefined) return remembered;
    const meaning = meaningOf(value);
    known.set(value, meaning);
    return meaning;
  };
}
