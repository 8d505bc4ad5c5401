import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { fullVisibility } from '../../src/records/record-mask.js';
import type { LookupScope, Rows } from '../../src/retrieval/lookup/lanes.js';
import type { Operation } from '../../src/retrieval/operation.js';
import { type Page, sizeOfPage } from '../../src/retrieval/pages/page.js';
import { RecordEngine, type RecordEngineOptions } from '../../src/retrieval/record-engine.js';
import { UnansweredLookup } from '../../src/retrieval/record-store.js';
import { CacheDependencies, sizeOfRows } from '../../src/retrieval/rows-cache.js';
import { UsageMeter } from '../../src/retrieval/usage-meter.js';
import { MemoryCache } from '../../src/traffic/cache/cache.js';
import { ownClaims } from '../../src/traffic/cache/claims.js';
import { SlidingWindowRateLimiter } from '../../src/traffic/rate-limit/sliding-window-rate-limiter.js';
import { Credentials } from '../../src/vonage/credentials.js';
import type { RecordsResponse } from '../../src/vonage/records-response.js';
import type { RecordsQuery } from '../../src/vonage/wire.js';
import { ManualClock } from './manual-clock.js';

/** Response of the scripted Vonage to a call: the rows of known ids, unless the script throws. */
export type Script = (query: RecordsQuery, call: number) => Promise<RecordsResponse> | RecordsResponse;

/** One call as it arrived. */
interface SeenCall extends RecordsQuery {
  readonly atMs: number;
  readonly ids: readonly string[];
}

export const noContent = { messageBodyOf: new Set<string>(), concatenatedOf: new Set<string>() };

/** A plain answer: every id is an SMS in this state, but for those that do not exist. */
export function smsAnswer(
  query: RecordsQuery,
  row: object = {},
  missing: readonly string[] = [],
): RecordsResponse {
  const ids = query.id.split(',');
  const rows = ids
    .filter((id) => !missing.includes(id))
    .map((id) => ({
      message_id: id,
      status: 'delivered',
      date_received: '2026-01-09T00:00:00+0000',
      ...row,
    }));
  return { rows, idsNotFound: ids.filter((id) => missing.includes(id)) };
}

const preparing = buildServedSchema();
const credentials = new Credentials('abcd1234', 'secret');

/** The engine over a scripted Vonage, on a manual clock. */
export async function engineWith(
  script: Script,
  options: Partial<Omit<RecordEngineOptions, 'clock'>> & { ratePerSecond?: number; clock?: ManualClock } = {},
) {
  const calls: SeenCall[] = [];
  const { ratePerSecond = 10, clock = new ManualClock(), ...rest } = options;
  const engine = new RecordEngine({
    source: {
      recordsByIds: async (query, _credentials, listener) => {
        listener.onRequestStart();
        calls.push({ ...query, ids: query.id.split(','), atMs: clock.now() });
        return script(query, calls.length);
      },
    },
    credentials: () => credentials,
    cacheSpace: 'abcd1234',
    rateLimiter: new SlidingWindowRateLimiter({ ratePerSecond, clock, rateMarginMs: 0 }),
    clock,
    cache: new MemoryCache<Rows>({ maxBytes: 10_000_000, sizeOf: sizeOfRows, clock }),
    pageSource: { recordsByDate: () => Promise.reject(new Error('This test lists no records.')) },
    pageCache: new MemoryCache<Page>({ maxBytes: 10_000_000, sizeOf: sizeOfPage, clock }),
    privatePageCache: new MemoryCache<Page>({ maxBytes: 10_000_000, sizeOf: sizeOfPage, clock }),
    pageClaims: ownClaims,
    cachePolicy: { finalTtlMs: 86_400_000, pendingTtlMs: 5000, notFoundTtlMs: 2000 },
    cacheMessageBodies: false,
    batchSize: 20,
    decoders: (await preparing).decoders,
    random: () => 0.5,
    ...rest,
  });
  return { engine, clock, calls, find: finder(engine, clock) };
}

/** An operation of its own for each call, unless one is given. */
function finder(engine: RecordEngine, clock: ManualClock) {
  return async (id: string, scope: Partial<LookupScope> = {}, operation: Operation = operationOf(clock)) =>
    findIn(engine, id, { ...smsScope, ...scope }, operation);
}

/** What the store answers for one id: the records, or a promise. */
export function findIn(engine: RecordEngine, id: string, scope: LookupScope, operation: Operation) {
  const found = engine.store.find(engine.store.lookup(id, engine.store.scope(scope)), operation);
  if (!(found instanceof UnansweredLookup)) return found;
  const [records = []] = engine.store.load([found]);
  return records;
}

export function operationOf(clock: ManualClock, waitsMs = 30_000) {
  const life = new AbortController();
  return {
    signal: life.signal,
    deadlineAtMs: clock.now() + waitsMs,
    meter: new UsageMeter(),
    cacheDependencies: new CacheDependencies(),
    sees: fullVisibility,
    leave: (reason: unknown) => life.abort(reason),
  };
}

export const smsScope: LookupScope = {
  accountId: 'abcd1234',
  products: [Product.SMS],
  direction: Direction.OUTBOUND,
  content: noContent,
};

export function range(length: number, name = 'id'): string[] {
  return Array.from({ length }, (_, index) => `${name}-${index}`);
}
