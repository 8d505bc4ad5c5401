import { RawConnection } from './raw-connection.js';

export interface LoopOptions {
  readonly url: string;
  /** Clients, each of which asks again as soon as it was answered. */
  readonly clients: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** The next request; undefined when there is nothing more to ask. */
  next(): string | undefined;
  /** Part of every good answer; without it the loop fails, since a fast error is no answer. */
  readonly expected: string;
  /** Called when the warm-up is over. */
  onMeasuring?(): Promise<unknown> | undefined;
}

export interface LoopResult {
  readonly answers: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Asks from so many clients for so long, and tells what came back while it was measured. */
export async function closedLoop(options: LoopOptions): Promise<LoopResult> {
  const { url, clients, warmUpMs, measuredMs, onMeasuring } = options;
  const connections = await Promise.all(Array.from({ length: clients }, () => RawConnection.open(url)));
  const latencies: number[] = [];
  const state = { measuring: false, over: false };
  const loops = connections.map((connection) => loop(connection, options, state, latencies));
  // A failure is for the end: until then every loop goes on.
  const ended = Promise.allSettled(loops);
  await sleep(warmUpMs);
  await onMeasuring?.();
  const startedAt = performance.now();
  state.measuring = true;
  await sleep(measuredMs);
  state.measuring = false;
  const seconds = (performance.now() - startedAt) / 1000;
  state.over = true;
  for (const connection of connections) connection.close();
  const failed = await Promise.race([ended, sleep(100)]);
  for (const each of failed ?? []) if (each.status === 'rejected') throw each.reason;
  return { answers: latencies.length, perSecond: latencies.length / seconds, ...spreadOf(latencies) };
}

async function loop(
  connection: RawConnection,
  { next, expected }: LoopOptions,
  state: { readonly measuring: boolean; readonly over: boolean },
  latencies: number[],
): Promise<void> {
  for (let request = next(); request !== undefined && !state.over; request = next()) {
    const askedAt = performance.now();
    const { status, body } = await connection.ask(request);
    if (status !== 200 || !body.includes(expected))
      throw new Error(`Answered ${status}: ${body.slice(0, 300)}`);
    if (state.measuring) latencies.push(performance.now() - askedAt);
  }
}

/** Median and 99th percentile; sorts what it is given. */
export function spreadOf(latencies: number[]): { readonly medianMs: number; readonly p99Ms: number } {
  latencies.sort((one, other) => one - other);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { medianMs: at(0.5), p99Ms: at(0.99) };
}

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined);
  });
}
