import type { Server } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock.js';

export interface CapConnectionsOptions {
  /** Connections open at once; a number from 1 up. */
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
}

/** A flood of connections must not become a flood of lines. */
const logEveryMs = 10_000;

/** Drops connections beyond the most that may be open at once, and logs how many, once in a while. */
export function capConnections(
  server: Server,
  { maxConnections, clock, logger }: CapConnectionsOptions,
): void {
  let dropped = 0;
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  server.maxConnections = maxConnections;
  server.on('drop', () => {
    dropped += 1;
    if (clock.now() < quietUntilMs) return;
    quietUntilMs = clock.now() + logEveryMs;
    logger.warn({ dropped, maxConnections }, 'connections are dropped, as MAX_CONNECTIONS are open');
    dropped = 0;
  });
}
