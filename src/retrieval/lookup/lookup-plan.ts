import { directionName, productName } from '../../catalogue/product.js';
import { maxRowsOfPage } from '../pages/page.js';
import type { RecordLane } from './lanes.js';

/** What an operation would cost, found out without a call. */
export interface Plan {
  /** Calls that would be made at once: of a search only its first wave. */
  readonly calls: number;
  /** Calls at most, were every search to end in its last lane. */
  readonly callsAtMost: number;
  /** Lookups that the cache would answer. */
  readonly cacheHits: number;
  /** Where the first calls would go, in the names of the schema. */
  readonly lanes: readonly {
    readonly product: string;
    readonly direction: string | null;
    readonly ids: number;
  }[];
  /** Milliseconds until the last of these calls could begin, with what waits now before them. */
  readonly waitMs: number;
  /** What lists of records would cost; absent where the operation has none. */
  readonly pages?: PagesPlan;
}

/** What the lists of an operation would cost. */
interface PagesPlan {
  /** Pages that would be bought, each with one call. */
  readonly calls: number;
  /** Pages that were bought before, and cost nothing. */
  readonly kept: number;
  /** Records that would be billed at least: a window can be empty. */
  readonly recordsAtLeast: number;
  /** Records that would be billed at most. */
  readonly recordsAtMost: number;
}

/** What lookups with several API keys would cost together. Each key has a queue of its own, so waits do not add up. */
export function mergePlans(plans: readonly Plan[]): Plan {
  const total = (numberOf: (plan: Plan) => number) => plans.reduce((sum, plan) => sum + numberOf(plan), 0);
  return {
    calls: total(({ calls }) => calls),
    callsAtMost: total(({ callsAtMost }) => callsAtMost),
    cacheHits: total(({ cacheHits }) => cacheHits),
    lanes: plans.flatMap(({ lanes }) => lanes),
    waitMs: Math.max(0, ...plans.map(({ waitMs }) => waitMs)),
    ...mergePages(plans.flatMap(({ pages }) => pages ?? [])),
  };
}

function mergePages(plans: readonly PagesPlan[]): Pick<Plan, 'pages'> {
  if (plans.length === 0) return {};
  const total = (name: keyof PagesPlan) => plans.reduce((sum, plan) => sum + plan[name], 0);
  return {
    pages: {
      calls: total('calls'),
      kept: total('kept'),
      recordsAtLeast: total('recordsAtLeast'),
      recordsAtMost: total('recordsAtMost'),
    },
  };
}

/** Gathers the lookups of one operation as the coalescer would, and makes none of them. */
export class LookupPlan {
  /** Ids by lane: those asked first, and those that a search might come to ask. */
  readonly #first = new Map<string, { readonly lane: RecordLane; readonly keys: Set<string> }>();
  readonly #possible = new Map<string, Set<string>>();
  /** Names of the pages to buy. */
  readonly #pages = new Set<string>();
  #keptPages = 0;
  #cacheHits = 0;

  /** Records a page that is kept, or that would be bought under a name. */
  recordPage(name: string, isKept: boolean): void {
    if (isKept) this.#keptPages += 1;
    else this.#pages.add(name);
  }

  recordCacheHit(): void {
    this.#cacheHits += 1;
  }

  recordLookup(key: string, lanes: readonly RecordLane[]): void {
    const [lane] = lanes;
    if (!lane) return;
    const first = this.#first.get(lane.name) ?? { lane, keys: new Set<string>() };
    this.#first.set(lane.name, first);
    first.keys.add(key);
    for (const { name } of lanes) this.#possible.set(name, (this.#possible.get(name) ?? new Set()).add(key));
  }

  /**
   * @param batchSize ids in one call
   * @param waitMsOf milliseconds until so many calls could have begun
   */
  toPlan(batchSize: number, waitMsOf: (calls: number) => number): Plan {
    const callsFor = (sets: Iterable<ReadonlySet<string>>) =>
      [...sets].reduce((sum, keys) => sum + Math.ceil(keys.size / batchSize), 0);
    const first = [...this.#first.values()];
    const calls = callsFor(first.map(({ keys }) => keys)) + this.#pages.size;
    return {
      calls,
      callsAtMost: callsFor(this.#possible.values()) + this.#pages.size,
      cacheHits: this.#cacheHits,
      lanes: first.map(({ lane: { product, direction }, keys }) => ({
        product: productName(product),
        direction: directionName(direction),
        ids: keys.size,
      })),
      waitMs: Math.round(calls === 0 ? 0 : waitMsOf(calls)),
      ...this.#pagesPlan(),
    };
  }

  #pagesPlan(): Pick<Plan, 'pages'> {
    const { size: calls } = this.#pages;
    if (calls + this.#keptPages === 0) return {};
    return {
      pages: { calls, kept: this.#keptPages, recordsAtLeast: 0, recordsAtMost: calls * maxRowsOfPage },
    };
  }
}
