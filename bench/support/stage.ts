import { execFileSync } from 'node:child_process';
import { buildServedSchema } from '../../src/bootstrap/build-schema.js';
import { Direction, Product } from '../../src/catalogue/product.js';
import { Dataset } from '../../src/simulator/dataset.js';
import type { SimulatedKey } from '../../src/simulator/simulated-keys.js';
import { simulatorCredentials } from '../../src/simulator/simulator.js';
import { Child } from './child.js';

/** The selection of every benchmark: ten fields of one SMS. */
export const tenFields =
  'vonageId occurredAt totalPrice currency isFinal ... on SmsOutboundRecord { status to networkName latency dateReceived }';

/** What the simulator's own page of costs says. */
export interface Costs {
  readonly calls: number;
  readonly ids: number;
  readonly billedRows: number;
  readonly rateLimited: number;
}

/** How a simulator differs from one that answers a single account at once. */
export interface SimulatorExtras {
  /** Keys that it accepts beside its own; their accounts hold the same SMS. */
  readonly tenants?: readonly SimulatedKey[];
  /** Milliseconds that an answer takes. */
  readonly answerMs?: number;
}

/** The simulator in a process of its own. */
export function startSimulator(
  ratePerSecond: number,
  events: number,
  extras: SimulatorExtras = {},
): Promise<Child> {
  const args = [String(ratePerSecond), String(events), JSON.stringify(extras)];
  return Child.start({ file: 'bench/servers/simulator.ts', args });
}

let isBuilt = false;

/** Builds the gateway once, so that what is measured is what runs in production, and not what a loader makes of it. */
function buildOnce(): void {
  if (isBuilt) return;
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
  isBuilt = true;
}

/** The built gateway, as `npm start` runs it in production. */
export async function startGatewayProcess(
  baseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  buildOnce();
  const { apiKey, apiSecret } = simulatorCredentials;
  return Child.start({
    file: 'dist/main.js',
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

/** The same ids that a simulator with so many SMS holds. */
export async function outboundIds(events: number): Promise<string[]> {
  const { shapes } = await buildServedSchema();
  const dataset = new Dataset({ shapes, eventsPerType: 0, eventsOf: { [Product.SMS]: events } });
  return dataset.ids(Product.SMS, Direction.OUTBOUND);
}
