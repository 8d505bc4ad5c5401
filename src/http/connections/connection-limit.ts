import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../clock.js';
import type { IdleConnections } from './idle-connections.js';

export interface ConnectionLimitOptions {
  /** Connections open at once; a number from 1 up. */
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
}

/** A flood of connections must not become a flood of lines. */
const logEveryMs = 10_000;

/**
 * Keeps connections to the most that may be open at once. Whoever does nothing makes room for who comes: else it would
 * take no more than idle connections to keep everybody out, those who ask whether the process lives among them. Where a
 * request is on every connection, who comes is dropped. Both are logged, once in a while.
 */
export function limitConnections(
  server: Server,
  connections: IdleConnections,
  { maxConnections, clock, logger }: ConnectionLimitOptions,
): void {
  let [dropped, ended, silentUntilMs] = [0, 0, Number.NEGATIVE_INFINITY];
  server.on('connection', (socket: Socket) => {
    if (connections.open <= maxConnections) return;
    if (connections.closeLongestIdle() === socket) dropped += 1;
    else ended += 1;
    if (clock.now() < silentUntilMs) return;
    silentUntilMs = clock.now() + logEveryMs;
    logger.warn(
      { dropped, ended, maxConnections },
      'connections are dropped, or ended while idle, as MAX_CONNECTIONS are open',
    );
    dropped = 0;
    ended = 0;
  });
}
