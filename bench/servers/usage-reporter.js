/**
 * Preloaded into every measured server. Reports the resource usage of the process to the benchmark, and ends the process
 * when the benchmark disconnects.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const sampleIntervalMs = 20;
let peakHeap = 0;
let stalledMs = 0;
let sampledAtMs = performance.now();

function sampleHeap() {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
}

function sample() {
  const nowMs = performance.now();
  stalledMs = Math.max(stalledMs, nowMs - sampledAtMs - sampleIntervalMs);
  sampledAtMs = nowMs;
  sampleHeap();
}

function usage() {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const mb = (bytes) => bytes / 2 ** 20;
  return {
    cpuMs: (user + system) / 1000,
    rssMb: mb(rss),
    heapMb: mb(heapUsed),
    peakHeapMb: mb(peakHeap),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    stalledMs,
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  };
}

function collect() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

if (process.send) {
  setInterval(sample, sampleIntervalMs).unref();
  process.on('message', (message) => {
    if (message === 'collect') collect();
    else if (message !== 'usage') return;
    sampleHeap();
    process.send(usage());
    peakHeap = 0;
    stalledMs = 0;
  });
  process.on('disconnect', () => process.exit(0));
}
