import { GatewayError } from '../../errors.js';
import type { RecordLane, Rows } from './lanes.js';

/** What a lane has of an id. */
export interface Hit {
  readonly lane: RecordLane;
  readonly rows: Rows;
}

/** Rows of a cache: at once, later, or undefined where it has none. */
type CachedRows = Rows | undefined | Promise<Rows | undefined>;

/** Where a search looks. */
export interface SearchSource {
  /** The rows that the caches have. */
  peek(lane: RecordLane): CachedRows;
  /** Called for each lane that a cache answered. */
  onCached(hit: Hit): void;
  /** Asks Vonage for the rows of a lane. */
  load(lane: RecordLane): Promise<Rows>;
}

type Wave = readonly RecordLane[];

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
    const cached = wave.map((lane) => source.peek(lane));
    const hits = wave.flatMap((lane, place) => hitIn(lane, cached[place]) ?? []);
    if (hits.length < wave.length) return searchOn(all.slice(index), cached, source);
    for (const hit of hits) source.onCached(hit);
    const found = hits.find(({ rows }) => rows.length > 0);
    if (found) return found;
  }
  return undefined;
}

function hitIn(lane: RecordLane, rows: CachedRows): Hit | undefined {
  return rows === undefined || rows instanceof Promise ? undefined : { lane, rows };
}

/**
 * A lane that fails does not end the search, but a miss counts only when every lane has answered. Once the queue or the
 * caller's quota allows no further call, only caches are asked.
 */
async function searchOn(
  rest: readonly Wave[],
  firstCached: readonly CachedRows[],
  source: SearchSource,
): Promise<Hit | undefined> {
  const failures: unknown[] = [];
  let refusal: unknown;
  let cached: readonly CachedRows[] | undefined = firstCached;
  for (const wave of rest) {
    const known = cached ?? wave.map((lane) => source.peek(lane));
    cached = undefined;
    const mayLoad = refusal === undefined;
    const outcomes = await Promise.allSettled(
      wave.map((lane, index) => rowsIn(lane, known[index], mayLoad, source)),
    );
    const found = wave.flatMap((lane, index) => foundIn(lane, outcomes[index]));
    if (found[0]) return found[0];
    failures.push(...outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
    refusal ??= failures.find(allowsNoCall);
  }
  if (failures.length > 0) throw refusal ?? failures[0];
  return undefined;
}

async function rowsIn(
  lane: RecordLane,
  cached: CachedRows,
  mayLoad: boolean,
  { onCached, load }: SearchSource,
): Promise<Rows> {
  const rows = await cached;
  if (rows) onCached({ lane, rows });
  return rows ?? (mayLoad ? load(lane) : []);
}

function foundIn(lane: RecordLane, outcome: PromiseSettledResult<Rows> | undefined): Hit[] {
  return outcome?.status === 'fulfilled' && outcome.value.length > 0 ? [{ lane, rows: outcome.value }] : [];
}

function allowsNoCall(failure: unknown): boolean {
  return (
    failure instanceof GatewayError && (failure.code === 'OVERLOADED' || failure.code === 'RATE_LIMITED')
  );
}

function waves(lanes: readonly RecordLane[]): Wave[] {
  const all: Wave[] = [];
  for (let start = 0, width = 1; start < lanes.length; start += width, width = start + 1)
    all.push(lanes.slice(start, start + width));
  return all;
}
