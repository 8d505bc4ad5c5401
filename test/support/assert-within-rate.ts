/**
 * Fails when more than `ratePerSecond` calls started in any sliding second. A second is half open: a call at its very end
 * belongs to the next one. `startedAtMs` is in the order of the starts. A shorter `windowMs` tolerates imprecise times.
 */
export function assertWithinRate(
  startedAtMs: readonly number[],
  ratePerSecond: number,
  windowMs = 1000,
): void {
  startedAtMs.forEach((atMs, index) => {
    const earlierMs = startedAtMs[index - ratePerSecond] ?? -Infinity;
    if (atMs - earlierMs >= windowMs) return;
    const offsetsMs = startedAtMs.slice(index - ratePerSecond, index + 1).map((each) => each - earlierMs);
    throw new Error(
      `More than ${ratePerSecond} calls in a second: they started at ${offsetsMs.join(', ')} ms after the first`,
    );
  });
}

/** Longest delay of an arrival on a busy machine that the assertion tolerates. */
const arrivalDelayMs = 500;

/**
 * Fails when the calls arrived above the rate. The delay of one arrival can shorten the time to the next, so short windows
 * tolerate `arrivalDelayMs`. Longer windows tolerate no more than that in total, so a rate that is too high still fails.
 */
export function assertArrivalsWithinRate(arrivedAtMs: readonly number[], ratePerSecond: number): void {
  const ascendingMs = [...arrivedAtMs].sort((one, other) => one - other);
  for (let seconds = 1; seconds * ratePerSecond < ascendingMs.length; seconds += 1)
    assertWithinRate(ascendingMs, seconds * ratePerSecond, seconds * 1000 - arrivalDelayMs);
}
