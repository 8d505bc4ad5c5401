import { readFileSync } from 'node:fs';

/** A metric as docs/observability.md describes it. */
export interface DocumentedMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly meaning: string;
}

/** The rows of all metric tables of docs/observability.md. */
export function readDocumentedMetrics(): readonly DocumentedMetric[] {
  const row = /^\| `(\w+)` \| (counter|gauge|histogram) \|(.*?)\| (.+) \|$/gm;
  return [...readFileSync('docs/observability.md', 'utf8').matchAll(row)].map(
    ([, name = '', type, labels = '', meaning = '']) => ({
      name,
      type: type as DocumentedMetric['type'],
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
      meaning,
    }),
  );
}

/** A scrape's text with one sample for each metric. */
export function toExposition(metrics: readonly DocumentedMetric[]): string {
  return metrics.map((metric) => [...headerOf(metric), ...samplesOf(metric), ''].join('\n')).join('');
}

function headerOf({ name, type, meaning }: DocumentedMetric): readonly string[] {
  return [`# HELP ${name} ${meaning}`, `# TYPE ${name} ${type}`];
}

function samplesOf({ name, type, labels }: DocumentedMetric): readonly string[] {
  const own = labels.map((label) => `${label}="x"`);
  const labelled = (...more: readonly string[]) =>
    own.length + more.length === 0 ? '' : `{${[...own, ...more].join(',')}}`;
  if (type !== 'histogram') return [`${name}${labelled()} 1`];
  return [
    `${name}_bucket${labelled('le="1"')} 1`,
    `${name}_bucket${labelled('le="+Inf"')} 1`,
    `${name}_sum${labelled()} 1`,
    `${name}_count${labelled()} 1`,
  ];
}
