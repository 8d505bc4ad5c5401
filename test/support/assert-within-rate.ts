/**
 * Fails when more than `ratePerSecond` calls began in any sliding second. A second is half open: a call at its very end
 * belongs to the next one. `startedAtMs` is in the order in which the calls began; where only arrivals are known, and the
 * machine is busy, `windowMs` leaves room for how unevenly they arrive.
 */
export function assertWithinRate(
  startedAtMs: readonly number[],
  ratePerSecond: number,
  windowMs = 1000,
): void {
  startedAtMs.forEach((atMs, index) => {
    const earlierMs = startedAtMs[index - ratePerSecond] ?? -Infinity;
    if (atMs - earlierMs >= windowMs) return;
    const lateMs = startedAtMs.slice(index - ratePerSecond, index + 1).map((each) => each - earlierMs);
    throw new Error(
      `More than ${ratePerSecond} calls in a second: they began at ${lateMs.join(', ')} ms after the first`,
    );
  });
}
