import { GatewayError } from '../../errors.js';
import { refusedBy } from '../../vonage/upstream-problem.js';
import type { RecordLane, Rows } from './lanes.js';
import type { Exclusion } from './search-exclusions.js';

/** Rows of an id in a lane. */
export interface FoundRows {
  readonly rows: Rows;
  /** False when the id has more rows than Vonage returns at once. */
  readonly isComplete: boolean;
}

/** What a lane has of an id. */
export interface Hit extends FoundRows {
  readonly lane: RecordLane;
}

/** Rows of a cache: at once, later, or undefined where it has none. */
export type CachedRows = Rows | undefined | Promise<Rows | undefined>;

/** Where a search looks. */
export interface SearchSource {
  /** The rows that the caches have. */
  peek(lane: RecordLane): CachedRows;
  /** Called for each lane that a cache answered. */
  onCached(lane: RecordLane, rows: Rows): void;
  /** Why a lane is not asked; undefined where it is. */
  exclusionOf(lane: RecordLane): Exclusion | undefined;
  /** Called for each lane that is not asked. */
  onLeftOut(lane: RecordLane, exclusion: Exclusion): void;
  /** Asks Vonage for the rows of a lane. */
  load(lane: RecordLane): Promise<FoundRows>;
}

type Wave = readonly RecordLane[];

/**
 * Looks for an id in waves of lanes that double in width: the likeliest lane is asked alone, because every row found is
 * billed, and the unlikely ones together, because every wave costs the time of a call. Returns what memory answers, or the
 * rest of the search from the first wave on that memory does not know.
 */
export function search(lanes: readonly RecordLane[], source: SearchSource): Hit | undefined | CallingSearch {
  const all = waves(lanes);
  for (const [index, wave] of all.entries()) {
    const cached = wave.map((lane) => source.peek(lane));
    const hits = wave.flatMap((lane, place) => hitIn(lane, cached[place]) ?? []);
    if (hits.length < wave.length) return new CallingSearch(source, all.slice(index), cached);
    for (const { lane, rows } of hits) source.onCached(lane, rows);
    const found = hits.find(({ rows }) => rows.length > 0);
    if (found) return found;
  }
  return undefined;
}

function hitIn(lane: RecordLane, rows: CachedRows): Hit | undefined {
  return rows === undefined || rows instanceof Promise ? undefined : { lane, rows, isComplete: true };
}

/**
 * The part of a search that needs calls. A lane that fails does not end it, but a miss counts only when every lane that
 * Vonage does not refuse has answered. Once a failure rules out further calls, only caches are asked.
 */
export class CallingSearch {
  readonly #source: SearchSource;
  readonly #waves: readonly Wave[];
  readonly #cached: readonly CachedRows[];
  readonly #failures: unknown[] = [];
  /** What Vonage said of lanes whose product it refuses. */
  readonly #refusals: unknown[] = [];
  #hasAnswer = false;

  /** @param cached what the caches have of the first wave */
  constructor(source: SearchSource, waves: readonly Wave[], cached: readonly CachedRows[]) {
    this.#source = source;
    this.#waves = waves;
    this.#cached = cached;
  }

  async run(): Promise<Hit | undefined> {
    let known: readonly CachedRows[] | undefined = this.#cached;
    for (const wave of this.#waves) {
      const found = await this.#ask(wave, known ?? wave.map((lane) => this.#source.peek(lane)));
      if (found) return found;
      known = undefined;
    }
    const failures = this.#hasAnswer ? this.#failures : [...this.#failures, ...this.#refusals];
    if (failures.length > 0) throw failures.find(endsSearch) ?? failures[0];
    return undefined;
  }

  async #ask(wave: Wave, cached: readonly CachedRows[]): Promise<Hit | undefined> {
    const mayCall = !this.#failures.some(endsSearch);
    const hits = await Promise.all(wave.map((lane, index) => this.#hitIn(lane, cached[index], mayCall)));
    return hits.find((hit) => hit !== undefined && hit.rows.length > 0);
  }

  /** Undefined for a lane that did not answer. */
  async #hitIn(lane: RecordLane, cached: CachedRows, mayCall: boolean): Promise<Hit | undefined> {
    try {
      const rows = await cached;
      if (rows) this.#source.onCached(lane, rows);
      const found = rows ? { rows, isComplete: true } : mayCall ? await this.#load(lane) : undefined;
      this.#hasAnswer ||= found !== undefined;
      return found && { lane, ...found };
    } catch (error) {
      const isRefused = this.#source.exclusionOf(lane)?.refusal !== undefined;
      (isRefused ? this.#refusals : this.#failures).push(error);
      return undefined;
    }
  }

  async #load(lane: RecordLane): Promise<FoundRows | undefined> {
    const exclusion = this.#source.exclusionOf(lane);
    if (!exclusion) return this.#source.load(lane);
    this.#source.onLeftOut(lane, exclusion);
    if (!exclusion.refusal) return { rows: [], isComplete: true };
    this.#refusals.push(exclusion.refusal);
    return undefined;
  }
}

/** Failures after which a further lane would fail, too, or must not be asked. A search leaves refused products out instead. */
function endsSearch(failure: unknown): boolean {
  if (!(failure instanceof GatewayError)) return false;
  return failure.code === 'OVERLOADED' || failure.code === 'RATE_LIMITED' || refusedBy(failure) !== undefined;
}

function waves(lanes: readonly RecordLane[]): Wave[] {
  const all: Wave[] = [];
  for (let start = 0, width = 1; start < lanes.length; start += width, width = start + 1)
    all.push(lanes.slice(start, start + width));
  return all;
}
