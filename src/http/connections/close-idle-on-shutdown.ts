import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.js';
import type { QuietConnections } from './idle-connections.js';

/** Milliseconds that a request has to arrive once the server closes; its answer only says so. */
const graceMs = 1000;

/**
 * Ends the connections that ask for nothing when the server closes: at once those over which nothing was ever sent, as
 * balancers and browsers open them in advance, and soon those with half a request. Node takes both for busy and watches no
 * timeouts any more, so that they would hold the process up.
 */
export function endUnaskedConnections(
  app: FastifyInstance,
  connections: QuietConnections,
  clock: Clock,
): void {
  app.addHook('preClose', async () => {
    for (const socket of connections.quiet) if (socket.bytesRead === 0) socket.destroy();
    const cancel = clock.after(graceMs, () => {
      for (const socket of connections.quiet) socket.destroy();
    });
    app.server.once('close', cancel);
  });
}
