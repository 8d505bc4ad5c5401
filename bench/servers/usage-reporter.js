/**
 * Loaded before a server that is measured, and part of none: tells the benchmark what the process used, and ends the
 * process when the benchmark has gone.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEveryMs = 20;
let peakHeap = 0;
let stalledMs = 0;
let lookedAtMs = performance.now();

function sample() {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
}

function look() {
  const nowMs = performance.now();
  stalledMs = Math.max(stalledMs, nowMs - lookedAtMs - lookEveryMs);
  lookedAtMs = nowMs;
  sample();
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
  setInterval(look, lookEveryMs).unref();
  process.on('message', (message) => {
    if (message === 'collect') collect();
    else if (message !== 'usage') return;
    sample();
    process.send(usage());
    peakHeap = 0;
    stalledMs = 0;
  });
  process.on('disconnect', () => process.exit(0));
}
