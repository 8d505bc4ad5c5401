import { Counter, Histogram, Registry } from 'prom-client';
import { type Product, productName } from '../catalogue/product.js';
import type { ErrorCode } from '../errors.js';
import type { OperationReport } from '../operation/operation-report.js';
import type { EndedCall, RetrievalObserver, SavedBy } from '../retrieval/retrieval-observer.js';

/** Upper bounds in seconds: a cached response takes a millisecond, and an operation at most about half a minute. */
const operationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const callBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];
const waitBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts what no component counts itself: how calls, lookups and operations end, and how long they take. */
export class GatewayMetrics implements RetrievalObserver {
  readonly registry = new Registry();
  readonly #calls = this.#counter('vonage_calls_total', 'Calls to Vonage that ended.', [
    'product',
    'outcome',
  ]);
  readonly #callSeconds = this.#histogram(
    'vonage_call_duration_seconds',
    'Seconds from the start of a call to the end of its response.',
    callBuckets,
    ['product'],
  );
  readonly #callIds = this.#histogram('vonage_call_ids', 'Ids in a call.', [1, 2, 5, 10, 15, 19, 20]);
  readonly #billed = this.#counter(
    'vonage_records_billed_total',
    'Records that Vonage returned and billed.',
    ['product'],
  );
  readonly #saved = this.#plainCounter(
    'vonage_records_saved_total',
    'Records that callers got without a bill, by the reason.',
    ['product', 'by'],
  );
  readonly #pausedSeconds = this.#counter(
    'vonage_paused_seconds_total',
    'Seconds for which 429 responses paused the calls.',
  );
  readonly #lookups = this.#plainCounter('lookup_ids_total', 'Ids that were looked up.', ['outcome']);
  readonly #waitSeconds = this.#histogram(
    'lookup_wait_seconds',
    'Seconds that an id waits before its call starts.',
    waitBuckets,
  );
  readonly #refused = this.#counter('lookup_refused_total', 'Ids that were refused without a call.', [
    'code',
  ]);
  readonly #operations = this.#plainCounter('graphql_requests_total', 'GraphQL operations that ended.', [
    'operation',
    'outcome',
  ]);
  readonly #rejected = this.#counter(
    'http_requests_rejected_total',
    'Requests that were rejected before their operation.',
    ['status'],
  );
  readonly #operationSeconds = new PlainHistogram({
    registry: this.registry,
    name: 'graphql_request_duration_seconds',
    help: 'Seconds from the arrival of an operation to its response.',
    labelNames: ['operation'],
    buckets: operationBuckets,
  });

  onCallEnded({ product, outcome, ids, recordsBilled, durationMs }: EndedCall): void {
    const name = productName(product);
    this.#calls.inc({ product: name, outcome });
    this.#callSeconds.observe({ product: name }, durationMs / 1000);
    if (ids > 0) this.#callIds.observe(ids);
    this.#billed.inc({ product: name }, recordsBilled);
  }

  onIdSent(waitMs: number): void {
    this.#waitSeconds.observe(waitMs / 1000);
  }

  onLookupEnded(outcome: 'found' | 'not_found' | 'failed', ids = 1): void {
    this.#lookups.add(ids, outcome);
  }

  onLookupRefused(code: ErrorCode): void {
    this.#refused.inc({ code });
  }

  onRecordsSaved(product: Product, by: SavedBy, records: number): void {
    this.#saved.add(records, productName(product), by);
  }

  /** Counts the milliseconds by which a 429 extends the pause of a key. */
  onPaused(addedMs: number): void {
    this.#pausedSeconds.inc(addedMs / 1000);
  }

  onOperationEnded({ operation, outcome, durationMs }: OperationReport): void {
    this.#operations.add(1, operation, outcome);
    this.#operationSeconds.observe(durationMs / 1000, operation);
  }

  onRequestRejected(status: number): void {
    this.#rejected.inc({ status });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #plainCounter(name: string, help: string, labelNames: readonly string[]): PlainCounter {
    return new PlainCounter({ registry: this.registry, name, help, labelNames });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}

/*
 * Counters and histograms of what happens thousands of times a second. They add to plain numbers, and prom-client reads
 * these at a scrape: its own methods hash and validate the labels on each call, which costs microseconds.
 */

interface PlainMetricOptions {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  /** Up to two names. */
  readonly labelNames: readonly string[];
}

interface Count {
  readonly labels: readonly string[];
  value: number;
}

/** A counter with up to two labels. */
class PlainCounter {
  readonly #counts = new Map<string, Count>();

  constructor({ registry, name, help, labelNames }: PlainMetricOptions) {
    const counts = this.#counts;
    new Counter({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        this.reset();
        for (const { labels, value } of counts.values()) this.inc(byName(labelNames, labels), value);
      },
    });
  }

  /** Adds to the counter of the given label values, in the order of the label names. */
  add(value: number, first = '', second = ''): void {
    const key = second === '' ? first : `${first} ${second}`;
    const count = this.#counts.get(key);
    if (count) count.value += value;
    else this.#counts.set(key, { labels: [first, second], value });
  }
}

interface PlainHistogramOptions extends PlainMetricOptions {
  /** Upper bounds in ascending order. */
  readonly buckets: readonly number[];
}

interface Distribution {
  readonly label: string;
  /** Values at most as high as each bound and above the one before it; those above every bound last. */
  readonly counts: number[];
  sum: number;
}

/** A histogram with one label. */
class PlainHistogram {
  readonly name: string;
  readonly #options: PlainHistogramOptions;
  readonly #distributions = new Map<string, Distribution>();

  constructor(options: PlainHistogramOptions) {
    this.name = options.name;
    this.#options = options;
    // The registry reads the name and calls `get` alone.
    options.registry.registerMetric(this as unknown as Histogram);
  }

  observe(value: number, label: string): void {
    const { buckets } = this.#options;
    const distribution = this.#distributions.get(label) ?? this.#add(label);
    let index = 0;
    while (index < buckets.length && value > (buckets[index] ?? 0)) index += 1;
    distribution.counts[index] = (distribution.counts[index] ?? 0) + 1;
    distribution.sum += value;
  }

  /** Called by the registry at a scrape. */
  async get() {
    const { name, help } = this.#options;
    const values = [...this.#distributions.values()].flatMap((each) => this.#samplesOf(each));
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }

  #add(label: string): Distribution {
    const distribution = { label, counts: Array(this.#options.buckets.length + 1).fill(0), sum: 0 };
    this.#distributions.set(label, distribution);
    return distribution;
  }

  #samplesOf({ label, counts, sum }: Distribution) {
    const { name, labelNames, buckets } = this.#options;
    const labels = byName(labelNames, [label]);
    let total = 0;
    const bucketSamples = counts.map((count, index) => {
      total += count;
      return {
        metricName: `${name}_bucket`,
        labels: { le: buckets[index] ?? '+Inf', ...labels },
        value: total,
      };
    });
    return [
      ...bucketSamples,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }
}

function byName(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
