import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.js';
import type { IdleConnections } from './idle-connections.js';

/** Milliseconds in which a request that is on its way may still arrive, to be told that the server closes. */
const graceMs = 1000;

/**
 * Closes idle connections when the server closes. Unused ones, which load balancers and browsers open in advance, close at
 * once; those with half a request close after a second. Node counts both as busy and stops its timeouts, so that they would
 * keep the process running.
 */
export function closeIdleOnShutdown(app: FastifyInstance, connections: IdleConnections, clock: Clock): void {
  app.addHook('preClose', async () => {
    for (const socket of connections.idle) if (socket.bytesRead === 0) socket.destroy();
    const cancel = clock.setTimer(graceMs, () => {
      for (const socket of connections.idle) socket.destroy();
    });
    app.server.once('close', cancel);
  });
}
