/**
 * Calls a second of each subject: the best of three rounds. Each round runs every subject, so that disturbances of the
 * machine affect all alike.
 */
export function ratesOf(
  subjects: Readonly<Record<string, () => unknown>>,
  secondsEach = 0.5,
): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < 3; round += 1) {
    for (const [name, run] of Object.entries(subjects)) {
      best.set(name, Math.max(best.get(name) ?? 0, rateOf(run, secondsEach)));
    }
  }
  return best;
}

function rateOf(run: () => unknown, seconds: number): number {
  const startedAt = performance.now();
  let runs = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    run();
    runs += 1;
  }
  return (runs * 1000) / (performance.now() - startedAt);
}
