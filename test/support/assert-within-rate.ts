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

/**
 * Fails when more calls arrived than the rate allows since `askedAtMs`, before which none of them was sent. A busy server
 * notices arrivals late and several at once, so the distance of two arrivals proves nothing; a delay never helps a call to
 * arrive early.
 */
export function assertArrivalsWithinRate(
  arrivedAtMs: readonly number[],
  ratePerSecond: number,
  askedAtMs: number,
): void {
  const ascendingMs = [...arrivedAtMs].sort((one, other) => one - other);
  ascendingMs.forEach((atMs, index) => {
    const earliestMs = Math.floor(index / ratePerSecond) * 1000;
    if (atMs - askedAtMs >= earliestMs) return;
    throw new Error(
      `Call ${index + 1} arrived ${atMs - askedAtMs} ms after the first question, not after ${earliestMs} ms`,
    );
  });
}
