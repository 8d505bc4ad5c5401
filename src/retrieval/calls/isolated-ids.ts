import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.js';
import type { RecordLane } from '../lookup/lanes.js';

/** Milliseconds for which an id is isolated, unless a call for it succeeds. */
const memoryMs = 10 * 60 * 1000;

/** Ids that are remembered; the one that failed longest ago makes room. */
const maxIds = 1000;

/** Calls into which one batch is divided at most. */
const maxGroups = 10;

/** Ids that may share a call with each other, and with no other id. */
interface Group {
  readonly untilMs: number;
}

/**
 * Remembers ids whose call failed without a reason that says more. Their next call holds no other ids, so an id on which
 * Vonage fails each time costs other lookups once at most.
 */
export class IsolatedIds {
  readonly #clock: Clock;
  readonly #groups = new LRUCache<string, Group>({ max: maxIds });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Isolates ids that failed together, in groups that are small enough to find the cause soon. */
  isolate(lane: RecordLane, keys: readonly string[]): void {
    const size = Math.ceil(keys.length / maxGroups);
    for (let start = 0; start < keys.length; start += size) {
      const group = { untilMs: this.#clock.now() + memoryMs };
      for (const key of keys.slice(start, start + size)) this.#groups.set(nameOf(lane, key), group);
    }
  }

  /** Ends the isolation of an id, because a call for it succeeded. */
  release(lane: RecordLane, key: string): void {
    if (this.#groups.size > 0) this.#groups.delete(nameOf(lane, key));
  }

  /** Divides the ids of a batch into calls: ids that are not isolated, then each group. Never returns an empty call. */
  divide<Entry extends { readonly key: string }>(
    lane: RecordLane,
    entries: readonly Entry[],
  ): (readonly Entry[])[] {
    const byGroup = new Map<Group | undefined, Entry[]>([[undefined, []]]);
    for (const entry of entries) {
      const group = this.#groupOf(lane, entry.key);
      const known = byGroup.get(group);
      if (known) known.push(entry);
      else byGroup.set(group, [entry]);
    }
    const calls = [...byGroup.values()].filter(({ length }) => length > 0);
    return calls.length <= maxGroups
      ? calls
      : [...calls.slice(0, maxGroups - 1), calls.slice(maxGroups - 1).flat()];
  }

  #groupOf(lane: RecordLane, key: string): Group | undefined {
    const group = this.#groups.size > 0 ? this.#groups.get(nameOf(lane, key)) : undefined;
    return group && group.untilMs > this.#clock.now() ? group : undefined;
  }
}

/** An id fails whatever detail of it is asked for. */
function nameOf({ accountId, product, direction }: RecordLane, key: string): string {
  return `${accountId}/${product}/${direction ?? ''}/${key}`;
}
