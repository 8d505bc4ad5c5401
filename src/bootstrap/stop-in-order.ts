import { get, type Server } from 'node:http';
import { setImmediate as nextIteration } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import type { Shutdown } from '../http/shutdown.js';
import type { UpstreamEngines } from './upstream-engines.js';

/** Milliseconds in which at least one of the last responses must be written, and the last one must arrive. */
const flushMs = 1000;

/** Iterations of the event loop in which it reads what has arrived on the connections that it accepted. */
const readingIterations = 10;

export interface StoppedParts {
  readonly server: {
    readonly server: Server;
    readonly listeningOrigin: string;
    close(): PromiseLike<unknown>;
  };
  readonly shutdown: Shutdown;
  readonly upstream: UpstreamEngines;
  readonly clock: Clock;
  readonly http: Pick<Config['http'], 'shutdownDelayMs' | 'shutdownGraceMs'>;
}

/**
 * Stops a gateway. It is not ready at once, and serves as before during the delay, in which load balancers notice. Then it
 * refuses new requests. What it can answer within the grace time is answered, and the rest is refused at once, since
 * another instance can answer it. After that time connections end as soon as no further response is written.
 */
export async function stopInOrder({ server, shutdown, upstream, clock, http }: StoppedParts): Promise<void> {
  const { shutdownDelayMs, shutdownGraceMs } = http;
  shutdown.announce();
  if (shutdownDelayMs > 0) await wait(clock, shutdownDelayMs);
  shutdown.refuseNew();
  upstream.engines.closeAt(clock.now() + shutdownGraceMs);
  const ending = new LastConnections(server.server, shutdown, clock);
  const cancelTimer = clock.setTimer(shutdownGraceMs, () => {
    shutdown.endRequests();
    void upstream.abandonCalls();
    void ending.cut();
  });
  await acceptWaiting(server.listeningOrigin);
  await server.close();
  cancelTimer();
  ending.close();
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(ms, resolve));
}

/**
 * Lets the server accept the connections that wait in the system's queue, because a closed server resets them. The queue
 * keeps their order, so all that waited are accepted when a connection that comes now is.
 */
async function acceptWaiting(origin: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const request = get(`${origin}/livez`, { agent: false }, (response) => response.resume());
    request.once('error', () => resolve()).once('close', () => resolve());
  });
  await readArrived();
}

/** A request that has arrived is read some iterations after its connection was accepted. */
async function readArrived(): Promise<void> {
  for (let count = 0; count < readingIterations; count += 1) await nextIteration();
}

/** The connections that are left after the grace time. */
class LastConnections {
  readonly #server: Server;
  readonly #shutdown: Shutdown;
  readonly #clock: Clock;
  #cancelTimer = () => {};
  #accepted = 0;

  constructor(server: Server, shutdown: Shutdown, clock: Clock) {
    this.#server = server;
    this.#shutdown = shutdown;
    this.#clock = clock;
    server.on('connection', () => {
      this.#accepted += 1;
    });
  }

  /** Ends them once a second has brought neither a response nor a connection: a slow machine takes its time. */
  async cut(): Promise<void> {
    for (;;) {
      const [pending, accepted] = [this.#shutdown.pending, this.#accepted];
      await new Promise<void>((resolve) => {
        this.#cancelTimer = this.#clock.setTimer(flushMs, resolve);
      });
      // The timer of a starved process is late, and what happened meanwhile is seen after it.
      await readArrived();
      if (this.#shutdown.pending >= pending && this.#accepted === accepted) break;
    }
    this.#server.closeAllConnections();
  }

  /** No connection is left. */
  close(): void {
    this.#cancelTimer();
  }
}
