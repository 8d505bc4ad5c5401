import { readdirSync, readFileSync } from 'node:fs';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
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

/**
 * Registers the metrics of the process. prom-client's own default metrics include names that break the conventions of
 * Prometheus, so these few are registered one by one.
 *
 * @returns stops the measurement of the event loop
 */
export function registerProcessMetrics(registry: Registry): () => void {
  const eventLoopDelay = createHistogram();
  const timer = recordDelays(eventLoopDelay);
  registerProcessGauges(registry, eventLoopDelay);
  registerProcessorTime(registry);
  return () => clearInterval(timer);
}

function registerProcessGauges(registry: Registry, eventLoopDelay: RecordableHistogram): void {
  const startedAtSeconds = Date.now() / 1000 - process.uptime();
  const gauges = [
    ['process_start_time_seconds', 'Start of the process in Unix time.', () => startedAtSeconds],
    ['process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss()],
    ['process_open_fds', 'Open file descriptors.', openFileDescriptors],
    ['process_max_fds', 'Limit of open file descriptors.', maxFileDescriptors],
    [
      'event_loop_delay_p99_seconds',
      "99th percentile of the event loop's delay since the previous scrape.",
      () => p99Seconds(eventLoopDelay),
    ],
  ] as const;
  for (const [name, help, read] of gauges)
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value !== undefined) this.set(value);
      },
    });
}

function registerProcessorTime(registry: Registry): void {
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time, user and system.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}

/** Milliseconds between two samples of the event loop's delay. */
const sampleMs = 100;

/**
 * Records how late a timer fires. Node's own monitor of the event loop costs each request a tenth of its CPU time.
 *
 * @returns the timer, which does not keep the process running
 */
function recordDelays(delays: RecordableHistogram): NodeJS.Timeout {
  let dueAtMs = performance.now() + sampleMs;
  const sample = () => {
    const nowMs = performance.now();
    // A histogram takes integers from 1 up.
    delays.record(Math.max(1, Math.round((nowMs - dueAtMs) * 1e6)));
    dueAtMs = nowMs + sampleMs;
  };
  return setInterval(sample, sampleMs).unref();
}

function p99Seconds(delays: RecordableHistogram): number {
  const seconds = delays.count === 0 ? 0 : delays.percentile(99) / 1e9;
  delays.reset();
  return seconds;
}

/** Undefined on systems without the proc file system. */
function openFileDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

function maxFileDescriptors(): number | undefined {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
