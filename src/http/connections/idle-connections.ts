import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The open connections of a server, and those of them without a request. A request counts once its headers are complete. */
export class IdleConnections {
  readonly #open = new Set<Socket>();
  /** In the order in which they became idle. */
  readonly #idle = new Set<Socket>();
  /** Number of unanswered requests on a connection; a client may pipeline several. */
  readonly #requests = new WeakMap<Socket, number>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#count(request.socket, 1);
      response.once('close', () => this.#count(request.socket, -1));
    });
  }

  /** Number of open connections. */
  get open(): number {
    return this.#open.size;
  }

  /** The connections without a request. */
  get idle(): Iterable<Socket> {
    return this.#idle;
  }

  /** Closes and returns the connection that has been idle longest, which can be a new one; undefined when none is idle. */
  closeLongestIdle(): Socket | undefined {
    const [socket] = this.#idle;
    // Its close event comes later; until then it must not count.
    if (socket) this.#remove(socket);
    return socket?.destroy();
  }

  #add(socket: Socket): void {
    this.#open.add(socket);
    this.#idle.add(socket);
    socket.once('close', () => this.#remove(socket));
  }

  #remove(socket: Socket): void {
    this.#open.delete(socket);
    this.#idle.delete(socket);
  }

  #count(socket: Socket, change: 1 | -1): void {
    const requests = (this.#requests.get(socket) ?? 0) + change;
    this.#requests.set(socket, requests);
    this.#idle.delete(socket);
    if (requests === 0 && this.#open.has(socket)) this.#idle.add(socket);
  }
}
