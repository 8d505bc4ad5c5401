import { Lane, type LaneKey, type LaneOptions } from './lane.js';
import type { PendingLookup } from './pending-lookup.js';

/**
 * The lanes with ids that wait or are in flight, by name. Empty lanes are deleted, because there is one for each account,
 * product, direction and detail.
 */
export class LaneRegistry<Key extends LaneKey, Value> {
  readonly #byName = new Map<string, Lane<Key, Value>>();
  /** One object for all lanes, because there may be as many lanes as ids. */
  readonly #laneOptions: LaneOptions<Key, Value>;

  constructor(laneOptions: LaneOptions<Key, Value>) {
    this.#laneOptions = laneOptions;
  }

  /** Number of lanes. */
  get size(): number {
    return this.#byName.size;
  }

  /** The lane of a name; undefined when it has no ids. */
  find(name: string): Lane<Key, Value> | undefined {
    return this.#byName.get(name);
  }

  /** The lane of a key, created when it has no ids yet. */
  open(key: Key): Lane<Key, Value> {
    const known = this.#byName.get(key.name);
    if (known) return known;
    const lane = new Lane<Key, Value>(key, this.#laneOptions);
    this.#byName.set(key.name, lane);
    return lane;
  }

  /** The entry, in its own lane or in one that serves it, whose result will answer a lookup. */
  findServing({ name, servedBy }: Key, key: string): PendingLookup<Value> | undefined {
    const own = this.#entry(name, key);
    if (own) return own;
    for (const serving of servedBy) {
      const entry = this.#entry(serving, key);
      if (entry) return entry;
    }
    return undefined;
  }

  /** The entries that wait for an id in lanes that a lane serves. One call for that lane answers them all. */
  findServed({ serves }: Key, key: string): readonly PendingLookup<Value>[] {
    const served: PendingLookup<Value>[] = [];
    for (const name of serves) {
      const entry = this.#entry(name, key);
      if (entry?.state === 'waiting') served.push(entry);
    }
    return served;
  }

  /** All entries that wait for a call, in the order in which they came. */
  waitingOldestFirst(): { readonly lane: Lane<Key, Value>; readonly entry: PendingLookup<Value> }[] {
    const all = [...this.#byName.values()].flatMap((lane) =>
      [...lane.entries.values()].map((entry) => ({ lane, entry })),
    );
    return all
      .filter(({ entry }) => entry.state === 'waiting')
      .sort((one, other) => one.entry.enqueuedAtMs - other.entry.enqueuedAtMs);
  }

  /** Removes an entry that no longer waits, and its lane if nothing else is in it. */
  remove(lane: Lane<Key, Value>, { key }: PendingLookup<Value>): void {
    lane.entries.delete(key);
    if (lane.entries.size === 0) this.#byName.delete(lane.key.name);
  }

  #entry(laneName: string, key: string): PendingLookup<Value> | undefined {
    return this.#byName.get(laneName)?.entries.get(key);
  }
}
