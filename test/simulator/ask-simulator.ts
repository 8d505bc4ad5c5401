import type { WireRow } from '../../src/records/base.js';
import { Simulator, type SimulatorOptions, simulatorCredentials } from '../../src/simulator/simulator.js';
import { shapes } from '../records/record-shapes.js';
import { ManualClock } from '../support/manual-clock.js';

/** A day after the last of the simulator's made-up rows. */
export const nowMs = Date.UTC(2026, 0, 6, 12);

/** An answer of the simulator, read as JSON. */
export interface SimulatorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: SimulatorBody;
}

/** What a good answer holds; a problem has none of the names. */
interface SimulatorBody {
  readonly records: readonly WireRow[];
  readonly items_count: number;
  readonly ids_not_found: string;
  readonly [name: string]: unknown;
}

export type Parameters = Readonly<Record<string, string>>;

/** A simulator on a free port with few rows, at a moment that only a test moves. */
export function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const clock = new ManualClock(nowMs);
  return Simulator.start({ shapes, eventsPerType: 6, ratePerSecond: 1000, clock, ...options });
}

/** Asks for records as Vonage's documentation says, with the sample's account unless another is named. */
export async function ask(
  simulator: Simulator,
  parameters: Parameters,
  authorization: string | null = basic(simulatorCredentials),
): Promise<SimulatorAnswer> {
  const response = await get(
    simulator,
    new URLSearchParams({ account_id: 'abcd1234', ...parameters }),
    authorization,
  );
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as SimulatorBody,
  };
}

/** Sends any parameters, and leaves the answer as it is. */
export function get(
  simulator: Simulator,
  parameters: URLSearchParams | string,
  authorization: string | null = basic(simulatorCredentials),
): Promise<Response> {
  return fetch(`${simulator.url}/v2/reports/records?${parameters}`, {
    headers: authorization === null ? {} : { authorization },
    redirect: 'manual',
  });
}

export function basic({
  apiKey,
  apiSecret,
}: {
  readonly apiKey: string;
  readonly apiSecret: string;
}): string {
  return `Basic ${btoa(`${apiKey}:${apiSecret}`)}`;
}
