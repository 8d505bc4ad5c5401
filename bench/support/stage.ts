import { execFileSync } from 'node:child_process';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { Dataset } from '../../src/simulator/dataset.js';
import { type SimulatedKey, simulatorCredentials } from '../../src/simulator/simulator.js';
import { Child } from './child.js';

/** The selection of every benchmark: ten fields of one SMS. */
export const tenFields =
  'vonageId occurredAt totalPrice currency isFinal ... on SmsOutboundRecord { status to networkName latency dateReceived }';

/** Totals that the simulator's endpoint `/simulator/costs` reports. */
export interface Costs {
  readonly calls: number;
  readonly ids: number;
  readonly billedRows: number;
  readonly rateLimited: number;
  /** Ids whose rows more than one call returned. */
  readonly idsBilledTwice: number;
}

/** Options of a simulator beyond one account with immediate responses. */
export interface SimulatorExtras {
  /** Further keys that it accepts. Their accounts hold the same SMS. */
  readonly tenants?: readonly SimulatedKey[];
  /** Ids of further outbound SMS, `copy-0` and so on. They are copies of others, so that many of them are soon made. */
  readonly copies?: number;
  /** Duration of a response. Default: none. */
  readonly responseMs?: number;
  /** Milliseconds that calls have to arrive apart. Default: 0. */
  readonly minGapMs?: number;
  /** Share of the calls that fail, each time in another way, from 0 to 1. Default: 0. */
  readonly faultShare?: number;
  /** Ids whose calls fail each time, and how. */
  readonly failingIds?: Readonly<Record<string, 'status' | 'reset' | 'truncated'>>;
  /** Calls a second, evenly spread, of another program that uses the same key. Default: none. */
  readonly otherCallsPerSecond?: number;
}

/** Starts the simulator as a separate process. */
export function startSimulator(
  ratePerSecond: number,
  events: number,
  extras: SimulatorExtras = {},
): Promise<Child> {
  const args = [String(ratePerSecond), String(events), JSON.stringify(extras)];
  return Child.start({ file: 'bench/servers/simulator.ts', args });
}

let isBuilt = false;

/** Builds the gateway once. The benchmarks measure the production build, because a loader changes the code. */
export function buildOnce(): void {
  if (isBuilt) return;
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
  isBuilt = true;
}

/**
 * Starts the built gateway as `npm start` does in production.
 *
 * @param file the entry of another build. Default: this one.
 */
export async function startGatewayProcess(
  baseUrl: string,
  env: Readonly<Record<string, string>> = {},
  file = 'dist/main.js',
): Promise<Child> {
  buildOnce();
  const { apiKey, apiSecret } = simulatorCredentials;
  return Child.start({
    file,
    env: {
      PORT: '0',
      LOG_LEVEL: 'warn',
      VONAGE_API_KEY: apiKey,
      VONAGE_API_SECRET: apiSecret,
      VONAGE_BASE_URL: baseUrl,
      ...env,
    },
  });
}

export async function costsOf(simulator: Child): Promise<Costs> {
  return (await (await fetch(`${simulator.url}/simulator/costs`)).json()) as Costs;
}

/** Ids of the outbound SMS of a simulator with that many events. */
export async function outboundIds(events: number): Promise<string[]> {
  const { shapes } = await buildServedSchema();
  const dataset = new Dataset({ shapes, eventsPerType: 0, eventsOf: { [Product.SMS]: events } });
  return dataset.ids(Product.SMS, Direction.OUTBOUND);
}
