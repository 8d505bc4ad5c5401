/** What metrics cost: two processes of the gateway, with an admin listener and without one, measured in turns. */
import type { Child } from './support/child.js';
import { fixed, printTable } from './support/print.js';
import { RawConnection } from './support/raw-connection.js';
import { startGatewayProcess } from './support/stage.js';

const clients = 32;
const rounds = 40;

export interface MetricsCostOptions {
  readonly upstreamUrl: string;
  start(starting: Promise<Child>): Promise<Child>;
  readonly requests: readonly MeasuredRequest[];
}

export interface MeasuredRequest {
  readonly name: string;
  /** Requests in one round. */
  readonly count: number;
  make(url: string): string;
}

/** A process of the gateway with the connections of its clients. */
interface Subject {
  readonly server: Child;
  readonly connections: readonly RawConnection[];
}

/**
 * Prints the CPU time of a request with metrics and without. The least of many rounds counts: other programs of the machine
 * only add to it. Outside production there are no metrics without `ADMIN_PORT`.
 */
export async function reportMetricsCost({ upstreamUrl, start, requests }: MetricsCostOptions): Promise<void> {
  const connect = async (adminPort: string): Promise<Subject> => {
    const server = await start(startGatewayProcess(upstreamUrl, { NODE_ENV: 'test', ADMIN_PORT: adminPort }));
    const opened = Array.from({ length: clients }, () => RawConnection.open(server.url));
    return { server, connections: await Promise.all(opened) };
  };
  const plain = await connect('');
  const measured = await connect('0');
  const rows = [];
  for (const request of requests) {
    let [plainMs, measuredMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round += 1) {
      plainMs = Math.min(plainMs, await cpuMsOf(plain, request));
      measuredMs = Math.min(measuredMs, await cpuMsOf(measured, request));
    }
    const cost = `${fixed((measuredMs / plainMs - 1) * 100, 1)} %`;
    rows.push([request.name, `${fixed(plainMs, 4)} ms`, `${fixed(measuredMs, 4)} ms`, cost]);
  }
  for (const { connections } of [plain, measured]) for (const connection of connections) connection.close();
  printTable([`least of ${rounds} rounds`, 'CPU without metrics', 'with metrics', 'metrics cost'], rows);
}

/** CPU milliseconds of one request. The process is idle before the first request and after the last. */
async function cpuMsOf({ server, connections }: Subject, { count, make }: MeasuredRequest): Promise<number> {
  const before = (await server.usage()).cpuMs;
  let left = count;
  await Promise.all(
    connections.map(async (connection) => {
      while (left > 0) {
        left -= 1;
        const { status } = await connection.request(make(server.url));
        if (status !== 200) throw new Error(`Answered ${status}.`);
      }
    }),
  );
  return ((await server.usage()).cpuMs - before) / count;
}
