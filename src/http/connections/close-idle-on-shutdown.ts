import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.js';
import type { IdleConnections } from './idle-connections.js';

/** Milliseconds that a request has to arrive once the server closes; its answer only says so. */
const graceMs = 1000;

/**
 * Ends the connections that ask for nothing when the server closes: at once those over which nothing was ever sent, as
 * balancers and browsers open them in advance, and soon those with half a request. Node takes both for busy and watches no
 * timeouts any more, so that they would hold the process up.
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
