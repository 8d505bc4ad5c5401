import { GatewayError } from '../../errors.js';
import type { RecordLane } from './lanes.js';
import type { Rows } from './lookup-result.js';

/** What a lane has of an id. */
export interface Hit {
  readonly lane: RecordLane;
  readonly rows: Rows;
}

/** Where a search looks. */
export interface SearchSource {
  /** Finds the rows of a lane, asking for them if it must. */
  load(lane: RecordLane): Promise<Rows>;
  /** The rows of a lane without asking; none where somebody must be asked. */
  cached(lane: RecordLane): Promise<Rows>;
}

/**
 * Looks for an id in one lane after another, in waves that double in width: the likeliest lane is asked alone, because
 * every row found is billed, and the unlikely ones together, because every wave costs the caller a call's time.
 * A lane that fails does not end the search, but a miss counts only when every lane has answered. Once the queue is too
 * long nothing more is asked for: all lanes share the calls, and where the id hardly is they are wasted.
 */
export async function search(
  lanes: readonly RecordLane[],
  { load, cached }: SearchSource,
): Promise<Hit | undefined> {
  const failures: unknown[] = [];
  let refusal: unknown;
  for (const wave of waves(lanes)) {
    const outcomes = await Promise.allSettled(wave.map(refusal ? cached : load));
    const found = wave.flatMap((lane, index) => {
      const outcome = outcomes[index];
      return outcome?.status === 'fulfilled' && outcome.value.length > 0
        ? [{ lane, rows: outcome.value }]
        : [];
    });
    if (found[0]) return found[0];
    failures.push(...outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
    refusal ??= failures.find(isOverloaded);
  }
  if (failures.length > 0) throw refusal ?? failures[0];
  return undefined;
}

function isOverloaded(failure: unknown): boolean {
  return failure instanceof GatewayError && failure.code === 'OVERLOADED';
}

/** What a search in memory alone found out. */
export interface CachedSearch {
  readonly hit: Hit | undefined;
  /** What is kept of each lane that was looked in. */
  readonly looked: readonly Hit[];
}

/** The same search in what is at hand; undefined as soon as a lane cannot tell at once. */
export function searchCached(
  lanes: readonly RecordLane[],
  cached: (lane: RecordLane) => Rows | undefined,
): CachedSearch | undefined {
  const looked: Hit[] = [];
  for (const wave of waves(lanes)) {
    for (const lane of wave) {
      const rows = cached(lane);
      if (!rows) return undefined;
      looked.push({ lane, rows });
    }
    const hit = looked.find(({ rows }) => rows.length > 0);
    if (hit) return { hit, looked };
  }
  return { hit: undefined, looked };
}

function* waves(lanes: readonly RecordLane[]): Generator<readonly RecordLane[]> {
  for (let start = 0, width = 1; start < lanes.length; start += width, width = start + 1) {
    yield lanes.slice(start, start + width);
  }
}
