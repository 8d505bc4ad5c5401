import type { Server } from 'node:http';
import { setImmediate as nextIteration } from 'node:timers/promises';
import type { Clock } from '../../clock.js';
import type { Config } from '../../config/config.js';
import type { Shutdown } from '../../http/shutdown.js';
import type { UpstreamEngines } from '../engines/upstream-engines.js';

/** Milliseconds in which at least one of the last responses must be written, and the last one must arrive. */
const flushMs = 1000;

/** Connections that the system holds for a server until it accepts them; the default of Node.js. */
const backlog = 511;

/** Iterations of the event loop without a new connection after which none waits. */
const quietIterations = 3;

export interface StoppedParts {
  readonly server: { readonly server: Server; close(): PromiseLike<unknown> };
  readonly shutdown: Shutdown;
  readonly upstream: UpstreamEngines;
  readonly clock: Clock;
  readonly http: Pick<Config['http'], 'shutdownDelayMs' | 'shutdownGraceMs'>;
}

/**
 * Stops a gateway. It is not ready at once, and serves as before during the delay, in which load balancers notice. Then it
 * takes no more requests. What it can answer within the grace time is answered, and the rest is refused at once, since
 * another instance can answer it. After that time connections end as soon as no further response is written.
 */
export async function stopInOrder({ server, shutdown, upstream, clock, http }: StoppedParts): Promise<void> {
  const { shutdownDelayMs, shutdownGraceMs } = http;
  shutdown.announce();
  if (shutdownDelayMs > 0) await new Promise<void>((resolve) => clock.setTimer(shutdownDelayMs, resolve));
  upstream.engines.closeAt(clock.now() + shutdownGraceMs);
  let cancelTimer = clock.setTimer(shutdownGraceMs, () => {
    shutdown.endRequests();
    void upstream.abandonCalls();
    cutConnections(Infinity);
  });
  // A starved process takes seconds to write thousands of refusals.
  const cutConnections = (pendingBefore: number) => {
    const { pending } = shutdown;
    if (pending >= pendingBefore) server.server.closeAllConnections();
    else cancelTimer = clock.setTimer(flushMs, () => cutConnections(pending));
  };
  await acceptWaiting(server.server);
  await server.close();
  cancelTimer();
}

/**
 * Lets the server accept the connections that wait in the system's queue, because a closed server resets them. Node.js
 * accepts one in each iteration of the event loop. Those that come meanwhile do not prolong it.
 */
async function acceptWaiting(server: Server): Promise<void> {
  let quiet = 0;
  const onConnection = () => {
    quiet = 0;
  };
  server.on('connection', onConnection);
  for (let count = 0; count < backlog && quiet < quietIterations; count += 1) {
    quiet += 1;
    await nextIteration();
  }
  server.off('connection', onConnection);
}
