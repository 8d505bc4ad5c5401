/** What metrics cost: two processes of the gateway, with an admin listener and without one, measured in turns. */
import type { Child } from './support/child.js';
import {
  connectClients,
  disconnectClients,
  leastCpuMs,
  type MeasuredRequest,
} from './support/cpu-per-request.js';
import { fixed, printTable } from './support/print.js';
import { startGatewayProcess } from './support/stage.js';

const rounds = 20;

export interface MetricsCostOptions {
  readonly upstreamUrl: string;
  start(starting: Promise<Child>): Promise<Child>;
  readonly requests: readonly MeasuredRequest[];
}

/** Prints the CPU time of a request with metrics and without. Outside production there are no metrics without `ADMIN_PORT`. */
export async function reportMetricsCost({ upstreamUrl, start, requests }: MetricsCostOptions): Promise<void> {
  const connect = async (adminPort: string) =>
    connectClients(
      await start(startGatewayProcess(upstreamUrl, { NODE_ENV: 'test', ADMIN_PORT: adminPort })),
    );
  const plain = await connect('');
  const measured = await connect('0');
  const rows = [];
  for (const request of requests) {
    const [plainMs = Number.NaN, measuredMs = Number.NaN] = await leastCpuMs(
      [plain, measured],
      request,
      rounds,
    );
    const cost = `${fixed((measuredMs / plainMs - 1) * 100, 1)} %`;
    rows.push([request.name, `${fixed(plainMs, 4)} ms`, `${fixed(measuredMs, 4)} ms`, cost]);
  }
  for (const each of [plain, measured]) disconnectClients(each);
  printTable([`least of ${rounds} rounds`, 'CPU without metrics', 'with metrics', 'metrics cost'], rows);
}
