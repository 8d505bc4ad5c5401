import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../clock.js';
import type { IdleConnections } from './idle-connections.js';

export interface ConnectionLimitOptions {
  /** Most connections open at once; a number from 1 up. */
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
}

/** Shortest time between two log lines, so that a flood of connections does not flood the log. */
const logEveryMs = 10_000;

/**
 * Limits the number of open connections. At the limit, a new connection replaces the longest idle one; otherwise idle
 * connections alone could keep out all clients, health probes included. When every other connection carries a request, the
 * new connection closes. Logs both cases at intervals.
 */
export function limitConnections(
  server: Server,
  connections: IdleConnections,
  { maxConnections, clock, logger }: ConnectionLimitOptions,
): void {
  let [rejected, closedIdle, silentUntilMs] = [0, 0, Number.NEGATIVE_INFINITY];
  server.on('connection', (socket: Socket) => {
    if (connections.open <= maxConnections) return;
    if (connections.closeLongestIdle() === socket) rejected += 1;
    else closedIdle += 1;
    if (clock.now() < silentUntilMs) return;
    silentUntilMs = clock.now() + logEveryMs;
    logger.warn(
      { rejected, closedIdle, maxConnections },
      'MAX_CONNECTIONS connections are open, so new ones are rejected or replace idle ones',
    );
    rejected = 0;
    closedIdle = 0;
  });
}
