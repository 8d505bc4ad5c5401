import { monotonicClock } from '../../src/clock.js';
import { DistributedRateLimiter } from '../../src/traffic/rate-limit/distributed-rate-limiter.js';

/** A token that a replica was granted. */
export interface Granted {
  /** Milliseconds by the machine's monotonic clock, which all processes share. */
  readonly atMs: number;
  /** Who granted it. */
  readonly phase: DistributedRateLimiter['phase'];
}

/** Uses one token after the other. */
export function saturate(
  options: { redis: string; ratePerSecond: number },
  onGranted: (granted: Granted) => void,
) {
  const rateLimiter = new DistributedRateLimiter({
    ...options,
    key: 'budget',
    clock: monotonicClock,
    noticeMs: 750,
  });
  const go = () => {
    rateLimiter.started();
    onGranted({ atMs: Number(process.hrtime.bigint()) / 1e6, phase: rateLimiter.phase });
    void rateLimiter.acquire().then(go);
  };
  void rateLimiter.acquire().then(go);
  return rateLimiter;
}

// As a process of its own: tells each token to its parent, until that goes or tells it to stop.
const [, , redis, ratePerSecond] = process.argv;
if (process.send && redis?.endsWith('.sock')) {
  const rateLimiter = saturate({ redis, ratePerSecond: Number(ratePerSecond) }, (granted) =>
    process.send?.(granted),
  );
  const stop = () => void rateLimiter.close().then(() => process.exit());
  process.on('message', stop);
  process.on('disconnect', stop);
}
