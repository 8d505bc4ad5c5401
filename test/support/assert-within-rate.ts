/**
 * Fails when more than `ratePerSecond` calls began in any sliding second. A second is half open: a call at its very end
 * belongs to the next one. `begunAtMs` is in the order in which the calls began.
 */
export function assertWithinRate(begunAtMs: readonly number[], ratePerSecond: number): void {
  begunAtMs.forEach((atMs, index) => {
    const earlierMs = begunAtMs[index - ratePerSecond] ?? -Infinity;
    if (atMs - earlierMs >= 1000) return;
    const lateMs = begunAtMs.slice(index - ratePerSecond, index + 1).map((each) => each - earlierMs);
    throw new Error(
      `More than ${ratePerSecond} calls in a second: they began at ${lateMs.join(', ')} ms after the first`,
    );
  });
}
