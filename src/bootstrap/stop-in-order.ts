import type { Server } from 'node:http';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import type { Shutdown } from '../http/shutdown.js';
import type { UpstreamEngines } from './upstream-engines.js';

/** Milliseconds for which the last responses may still be on their way; then their connections end. */
const flushMs = 1000;

export interface StoppedParts {
  readonly server: { readonly server: Server; close(): PromiseLike<unknown> };
  readonly shutdown: Shutdown;
  readonly stack: UpstreamEngines;
  readonly clock: Clock;
  readonly http: Pick<Config['http'], 'shutdownDelayMs' | 'shutdownGraceMs'>;
}

/**
 * Stops a gateway. It is not ready at once, and serves as before during the delay, in which load balancers notice. Then it
 * takes no more requests. What it can answer within the grace time is answered, and the rest is refused at once, since
 * another instance can answer it. No connection outlives that time.
 */
export async function stopInOrder({ server, shutdown, stack, clock, http }: StoppedParts): Promise<void> {
  const { shutdownDelayMs, shutdownGraceMs } = http;
  shutdown.announce();
  if (shutdownDelayMs > 0) await new Promise<void>((resolve) => clock.setTimer(shutdownDelayMs, resolve));
  stack.engines.closeAt(clock.now() + shutdownGraceMs);
  const cancelEnd = clock.setTimer(shutdownGraceMs, () => {
    shutdown.endRequests();
    void stack.abandonCalls();
  });
  const cancelCut = clock.setTimer(shutdownGraceMs + flushMs, () => server.server.closeAllConnections());
  await server.close();
  cancelEnd();
  cancelCut();
}
