import type { Child } from './child.js';
import { RawConnection } from './raw-connection.js';

const clients = 32;

/** Requests of one kind. */
export interface MeasuredRequest {
  readonly name: string;
  /** Requests in one round. */
  readonly count: number;
  make(url: string): string;
}

/** A process with the connections of its clients. */
export interface MeasuredServer {
  readonly server: Child;
  connections: readonly RawConnection[];
}

export async function connectClients(server: Child): Promise<MeasuredServer> {
  return { server, connections: await Promise.all(openConnections(server)) };
}

export function disconnectClients({ connections }: MeasuredServer): void {
  for (const connection of connections) connection.close();
}

function openConnections({ url }: Child): Promise<RawConnection>[] {
  return Array.from({ length: clients }, () => RawConnection.open(url));
}

/**
 * The least CPU milliseconds of one request for each server. The servers are measured in turns, and the least of many rounds
 * counts: other programs of the machine only add to it.
 */
export async function leastCpuMs(
  servers: readonly MeasuredServer[],
  request: MeasuredRequest,
  rounds: number,
): Promise<number[]> {
  const least = new Map<MeasuredServer, number>();
  for (let round = 0; round < rounds; round += 1) {
    // The first of a pair can find the machine in another state.
    for (const server of round % 2 === 0 ? servers : [...servers].reverse()) {
      const cpuMs = await cpuMsOf(server, request);
      least.set(server, Math.min(cpuMs, least.get(server) ?? cpuMs));
    }
  }
  return servers.map((server) => least.get(server) ?? Number.NaN);
}

/** CPU milliseconds of one request. The process is idle before the first request and after the last. */
async function cpuMsOf(measured: MeasuredServer, request: MeasuredRequest): Promise<number> {
  const { server } = measured;
  // The server closes connections that were idle for long.
  const reopened = measured.connections.map((each) => (each.isOpen ? each : RawConnection.open(server.url)));
  measured.connections = await Promise.all(reopened);
  const before = (await server.usage()).cpuMs;
  await sendAll(measured, request);
  return ((await server.usage()).cpuMs - before) / request.count;
}

/** Sends a request whose response must be data without errors, because a fast error is no result. */
export async function requestData(connection: RawConnection, request: string): Promise<void> {
  const { status, body } = await connection.request(request);
  if (status !== 200 || body.includes('"errors":['))
    throw new Error(`Answered ${status}: ${body.slice(0, 300)}`);
}

/** Sends the requests of one round. */
async function sendAll(
  { server, connections }: MeasuredServer,
  { count, make }: MeasuredRequest,
): Promise<void> {
  let left = count;
  await Promise.all(
    connections.map(async (connection) => {
      while (left > 0) {
        left -= 1;
        await requestData(connection, make(server.url));
      }
    }),
  );
}
