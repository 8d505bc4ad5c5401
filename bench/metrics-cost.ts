/** What metrics cost: two processes of the gateway, with an admin listener and without one, measured in turns. */
import type { Child } from './support/child.js';
import { fixed, printTable } from './support/print.js';
import { RawConnection } from './support/raw-connection.js';
import { startGatewayProcess } from './support/stage.js';

const clients = 32;
const rounds = 20;

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
  connections: readonly RawConnection[];
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
    const [plainMs = Number.NaN, measuredMs = Number.NaN] = await leastCpuMs([plain, measured], request);
    const cost = `${fixed((measuredMs / plainMs - 1) * 100, 1)} %`;
    rows.push([request.name, `${fixed(plainMs, 4)} ms`, `${fixed(measuredMs, 4)} ms`, cost]);
  }
  for (const { connections } of [plain, measured]) for (const connection of connections) connection.close();
  printTable([`least of ${rounds} rounds`, 'CPU without metrics', 'with metrics', 'metrics cost'], rows);
}

/** The least CPU milliseconds of one request for each subject, which are measured in turns. */
async function leastCpuMs(subjects: readonly Subject[], request: MeasuredRequest): Promise<number[]> {
  const least = new Map<Subject, number>();
  for (let round = 0; round < rounds; round += 1) {
    // The first of a pair can find the machine in another state.
    for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
      const cpuMs = await cpuMsOf(subject, request);
      least.set(subject, Math.min(cpuMs, least.get(subject) ?? cpuMs));
    }
  }
  return subjects.map((subject) => least.get(subject) ?? Number.NaN);
}

/** CPU milliseconds of one request. The process is idle before the first request and after the last. */
async function cpuMsOf(subject: Subject, { count, make }: MeasuredRequest): Promise<number> {
  const { server } = subject;
  // The server closes connections that were idle for long.
  const reopened = subject.connections.map((each) => (each.isOpen ? each : RawConnection.open(server.url)));
  subject.connections = await Promise.all(reopened);
  const before = (await server.usage()).cpuMs;
  let left = count;
  await Promise.all(
    subject.connections.map(async (connection) => {
      while (left > 0) {
        left -= 1;
        const { status } = await connection.request(make(server.url));
        if (status !== 200) throw new Error(`Answered ${status}.`);
      }
    }),
  );
  return ((await server.usage()).cpuMs - before) / count;
}
