import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, and which of them have no request on them: idle ones, and those whose headers are still to come. */
export class IdleConnections {
  readonly #open = new Set<Socket>();
  /** The one that has been quiet longest first. */
  readonly #idle = new Set<Socket>();
  /** Requests on a connection; a caller may send several before it has an answer. */
  readonly #requests = new WeakMap<Socket, number>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#count(request.socket, 1);
      response.once('close', () => this.#count(request.socket, -1));
    });
  }

  /** Connections that are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Those with no request on them. */
  get idle(): Iterable<Socket> {
    return this.#idle;
  }

  /** Ends the connection that has been quiet longest, and tells which; one that was just made has been for no time. */
  closeLongestIdle(): Socket | undefined {
    const [socket] = this.#idle;
    // It tells of its end only later, and must not be counted until then.
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
