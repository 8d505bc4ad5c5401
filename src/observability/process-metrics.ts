import { readdirSync, readFileSync } from 'node:fs';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

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
