/**
 * Preloaded into every measured server. Reports the resource usage of the process to the benchmark, and ends the process
 * when the benchmark disconnects. A server that only starts a binary names it in `MEASURED_PID`; then the CPU time is that of
 * the binary.
 */
import { readFileSync } from 'node:fs';
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

/** Milliseconds of a tick in which Linux counts CPU time. */
const tickMs = 10;

function cpuMs() {
  const pid = process.env.MEASURED_PID;
  if (pid === undefined) {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  // The name of the program, in brackets, can hold blanks; user and system time are the 12th and 13th value after it.
  const values = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(values[11]) + Number(values[12])) * tickMs;
}

function usage() {
  const { rss, heapUsed } = process.memoryUsage();
  const mb = (bytes) => bytes / 2 ** 20;
  return {
    cpuMs: cpuMs(),
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
