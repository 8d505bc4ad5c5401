import { RawConnection } from './raw-connection.js';

export interface LoopOptions {
  readonly url: string;
  /** Number of clients. Each sends its next request as soon as it receives a response. */
  readonly clients: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** Returns the next request, or undefined after the last one. */
  next(): string | undefined;
  /** Text that every good response contains. The loop fails without it, because a fast error is no result. */
  readonly expected: string;
  /** Called for each response without it instead, so that the loop goes on. */
  onFailure?(body: string): void;
  /** Called at the end of the warm-up. */
  onMeasuring?(): Promise<unknown> | undefined;
}

export interface LoopResult {
  readonly responses: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Sends requests from several clients for a time, and reports the responses of the measured part. */
export async function closedLoop(options: LoopOptions): Promise<LoopResult> {
  const { url, clients, warmUpMs, measuredMs, onMeasuring } = options;
  const connections = await Promise.all(Array.from({ length: clients }, () => RawConnection.open(url)));
  const latencies: number[] = [];
  const state = { measuring: false, over: false };
  const loops = connections.map((connection) => loop(connection, options, state, latencies));
  // A failure surfaces at the end, so that the other clients continue until then.
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
  return { responses: latencies.length, perSecond: latencies.length / seconds, ...spreadOf(latencies) };
}

async function loop(
  connection: RawConnection,
  { next, expected, onFailure }: LoopOptions,
  state: { readonly measuring: boolean; readonly over: boolean },
  latencies: number[],
): Promise<void> {
  for (let request = next(); request !== undefined && !state.over; request = next()) {
    const startedAt = performance.now();
    const { status, body } = await connection.request(request);
    const isGood = status === 200 && body.includes(expected);
    if (!isGood && !onFailure) throw new Error(`Answered ${status}: ${body.slice(0, 300)}`);
    if (!isGood) onFailure?.(body);
    else if (state.measuring) latencies.push(performance.now() - startedAt);
  }
}

/** Median and 99th percentile. Sorts its argument. */
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
