import { Counter, type Histogram, type Registry } from 'prom-client';

/*
 * Counters and histograms of what happens thousands of times a second. They add to plain numbers, and prom-client reads
 * these at a scrape: its own methods hash and validate the labels on each call, which costs microseconds.
 */

export interface PlainMetricOptions {
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
export class PlainCounter {
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

export interface PlainHistogramOptions extends PlainMetricOptions {
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
export class PlainHistogram {
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
