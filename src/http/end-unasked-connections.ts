import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.js';

/** Milliseconds that a request has to arrive once the server closes; its answer only says so. */
const graceMs = 1000;

/**
 * Ends the connections that ask for nothing when the server closes: at once those over which nothing was ever sent, as
 * balancers and browsers open them in advance, and soon those with half a request. Node takes both for busy and watches no
 * timeouts any more, so that they would hold the process up.
 */
export function endUnaskedConnections(app: FastifyInstance, clock: Clock): void {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const cancel = clock.after(graceMs, () => {
      for (const socket of sockets) if (!hasRequest(socket)) socket.destroy();
    });
    app.server.once('close', cancel);
  });
}

/** Node keeps the answer that a connection is about to carry in this field only. */
function hasRequest(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return Boolean(socket._httpMessage);
}
