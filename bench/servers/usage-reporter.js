/**
 * Loaded before a server that is measured, and part of none: tells the benchmark what the process used, and ends the
 * process when the benchmark has gone.
 */
let peakHeap = 0;

function sample() {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
}

if (process.send) {
  setInterval(sample, 20).unref();
  process.on('message', (message) => {
    if (message !== 'usage') return;
    sample();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const mb = (bytes) => bytes / 2 ** 20;
    const usage = { cpuMs: (user + system) / 1000, rssMb: mb(rss), heapMb: mb(heapUsed), peakHeapMb: mb(peakHeap) };
    process.send({ ...usage, peakRssMb: process.resourceUsage().maxRSS / 1024 });
    peakHeap = 0;
  });
  process.on('disconnect', () => process.exit(0));
}
