import { GatewayError } from '../../errors.js';
import type { RecordLane, Rows } from './lanes.js';

/** What a lane has of an id. */
export interface Hit {
  readonly lane: RecordLane;
  readonly rows: Rows;
}

/** Where a search looks. */
export interface SearchSource {
  /** The rows that memory has; undefined where it has none. */
  peek(lane: RecordLane): Rows | undefined;
  /** Called for the rows of memory that the search rests on. */
  onPeeked(hit: Hit): void;
  /** Finds the rows of a lane, with a call if it must. */
  find(lane: RecordLane): Promise<Rows>;
  /** The rows that any cache has; none where only a call could tell. */
  findCached(lane: RecordLane): Promise<Rows>;
}

/**
 * Looks for an id in waves of lanes that double in width: the likeliest lane is asked alone, because every row found is
 * billed, and the unlikely ones together, because every wave costs the time of a call. Returns at once while memory
 * answers; from the first wave that it does not know, a promise.
 */
export function search(
  lanes: readonly RecordLane[],
  source: SearchSource,
): Hit | undefined | Promise<Hit | undefined> {
  const all = waves(lanes);
  for (const [index, wave] of all.entries()) {
    const hits = wave.flatMap((lane) => hitIn(lane, source.peek(lane)) ?? []);
    if (hits.length < wave.length) return searchOn(all.slice(index), source);
    for (const hit of hits) source.onPeeked(hit);
    const found = hits.find(({ rows }) => rows.length > 0);
    if (found) return found;
  }
  return undefined;
}

function hitIn(lane: RecordLane, rows: Rows | undefined): Hit | undefined {
  return rows && { lane, rows };
}

/**
 * A lane that fails does not end the search, but a miss counts only when every lane has answered. Once the queue or the
 * caller's quota allows no further call, only caches are asked.
 */
async function searchOn(
  rest: readonly (readonly RecordLane[])[],
  { find, findCached }: SearchSource,
): Promise<Hit | undefined> {
  const failures: unknown[] = [];
  let refusal: unknown;
  for (const wave of rest) {
    const outcomes = await Promise.allSettled(wave.map(refusal ? findCached : find));
    const found = wave.flatMap((lane, index) => {
      const outcome = outcomes[index];
      return outcome?.status === 'fulfilled' && outcome.value.length > 0
        ? [{ lane, rows: outcome.value }]
        : [];
    });
    if (found[0]) return found[0];
    failures.push(...outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
    refusal ??= failures.find(allowsNoCall);
  }
  if (failures.length > 0) throw refusal ?? failures[0];
  return undefined;
}

function allowsNoCall(failure: unknown): boolean {
  return (
    failure instanceof GatewayError && (failure.code === 'OVERLOADED' || failure.code === 'RATE_LIMITED')
  );
}

function waves(lanes: readonly RecordLane[]): (readonly RecordLane[])[] {
  const all: (readonly RecordLane[])[] = [];
  for (let start = 0, width = 1; start < lanes.length; start += width, width = start + 1)
    all.push(lanes.slice(start, start + width));
  return all;
}
