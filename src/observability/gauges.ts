import { Counter, Gauge, type Registry } from 'prom-client';

/** Values that components hold, read at each scrape. */
export interface GaugeSources {
  /** Host of the Reports API. */
  readonly host: string;
  tokensAvailable(): number;
  /** The largest of all keys. */
  callSpacingMs(): number;
  waitingIds(): number;
  isCircuitOpen(): boolean;
  /** Undefined where no Redis is configured. */
  isRedisUp(): boolean | undefined;
  limiterMode(): 'shared' | 'local';
  cache(): { readonly bytes: number; readonly hits: number; readonly misses: number };
  /** Documents that were parsed and validated. */
  documentCache(): { readonly bytes: number; readonly entries: number };
  /** What is left of the daily quota, by the caller's name in the token file. */
  callerRecordsLeft(): ReadonlyMap<string, number>;
  /** What is left of the daily cap, by account; empty without a cap. */
  accountRecordsLeft(): ReadonlyMap<string, number>;
  /** Counts of differences between rows and record types. */
  drift(): Iterable<{ readonly product: string; readonly kind: string; readonly count: number }>;
}

/** Registers the metrics whose values components hold. */
export function registerGauges(registry: Registry, sources: GaugeSources): void {
  registerLevels(registry, sources);
  registerStates(registry, sources);
  registerRecordsLeft(registry, sources);
  registerCounts(registry, sources);
}

function registerLevels(registry: Registry, sources: GaugeSources): void {
  const plain = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  plain(
    'vonage_tokens_available',
    'Calls that the rate limiter would let start now.',
    sources.tokensAvailable,
  );
  plain(
    'vonage_call_spacing_seconds',
    'Seconds that calls start apart after 429 responses, or 0 without them; the largest of all keys.',
    () => sources.callSpacingMs() / 1000,
  );
  plain('lookup_waiting_ids', 'Ids that wait for a call now.', sources.waitingIds);
  plain('cache_bytes', 'Bytes of records and responses in memory.', () => sources.cache().bytes);
  plain('document_cache_bytes', 'Bytes of parsed documents in memory.', () => sources.documentCache().bytes);
  plain('document_cache_entries', 'Parsed documents in memory.', () => sources.documentCache().entries);
}

function registerStates(registry: Registry, sources: GaugeSources): void {
  const registers = [registry];
  new Gauge({
    name: 'vonage_circuit_open',
    help: '1 while the circuit breaker stops calls to the host, otherwise 0.',
    labelNames: ['host'],
    registers,
    collect() {
      this.set({ host: sources.host }, Number(sources.isCircuitOpen()));
    },
  });
  if (sources.isRedisUp() !== undefined)
    new Gauge({
      name: 'redis_up',
      help: '1 while Redis responds, otherwise 0.',
      registers,
      collect() {
        this.set(Number(sources.isRedisUp()));
      },
    });
  new Gauge({
    name: 'rate_limiter_mode',
    help: '1 for the mode in use, and 0 for the other one.',
    labelNames: ['mode'],
    registers,
    collect() {
      for (const mode of ['shared', 'local']) this.set({ mode }, Number(sources.limiterMode() === mode));
    },
  });
}

function registerRecordsLeft(registry: Registry, sources: GaugeSources): void {
  const registers = [registry];
  new Gauge({
    name: 'vonage_records_left',
    help: 'Records that a daily cap of the account still allows.',
    labelNames: ['account'],
    registers,
    collect() {
      this.reset();
      for (const [account, left] of sources.accountRecordsLeft()) this.set({ account }, left);
    },
  });
  new Gauge({
    name: 'caller_records_left',
    help: 'Records that the daily quota of the caller still allows today.',
    labelNames: ['caller'],
    registers,
    collect() {
      // A caller that a reload removed has no sample any more.
      this.reset();
      for (const [caller, left] of sources.callerRecordsLeft()) this.set({ caller }, left);
    },
  });
}

/** Counters whose totals components hold; each scrape sets them anew. */
function registerCounts(registry: Registry, sources: GaugeSources): void {
  const registers = [registry];
  new Counter({
    name: 'cache_requests_total',
    help: 'Lookups in the cache.',
    labelNames: ['result'],
    registers,
    collect() {
      const { hits, misses } = sources.cache();
      this.reset();
      this.inc({ result: 'hit' }, hits);
      this.inc({ result: 'miss' }, misses);
    },
  });
  new Counter({
    name: 'record_drift_total',
    help: "Differences between Vonage's rows and the record types.",
    labelNames: ['product', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const { product, kind, count } of sources.drift()) this.inc({ product, kind }, count);
    },
  });
}
