/**
 * CPU time of this process while `run` is pending, in milliseconds. Other processes do not add to it, so tests can compare
 * the cost of two inputs on a busy machine.
 */
export async function cpuTimeMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
