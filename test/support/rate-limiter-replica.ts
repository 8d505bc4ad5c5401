import { systemClock } from '../../src/clock.js';
import { RedisBudget } from '../../src/traffic/rate-limit/distributed-rate-limiter.js';

/** A token that a replica was granted. */
export interface Granted {
  /** Milliseconds by the machine's monotonic clock, which all processes share. */
  readonly atMs: number;
  /** Who granted it. */
  readonly phase: RedisBudget['phase'];
}

/** Uses one token after the other. */
export function saturate(
  options: { redis: string; ratePerSecond: number },
  onGranted: (granted: Granted) => void,
) {
  const budget = new RedisBudget({ ...options, key: 'budget', clock: systemClock, noticeMs: 750 });
  const go = () => {
    budget.begun();
    onGranted({ atMs: Number(process.hrtime.bigint()) / 1e6, phase: budget.phase });
    void budget.take().then(go);
  };
  void budget.take().then(go);
  return budget;
}

// As a process of its own: tells each token to its parent, until that goes or tells it to stop.
const [, , redis, ratePerSecond] = process.argv;
if (process.send && redis?.endsWith('.sock')) {
  const budget = saturate({ redis, ratePerSecond: Number(ratePerSecond) }, (granted) =>
    process.send?.(granted),
  );
  const stop = () => void budget.close().then(() => process.exit());
  process.on('message', stop);
  process.on('disconnect', stop);
}
