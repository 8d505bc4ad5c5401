import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** A server of this process as it sees its connections; from now on, so it is made before they are. */
export class ServerSockets implements Disposable {
  readonly #sockets: Socket[] = [];
  readonly #note: (message: unknown) => void;

  constructor(url: string) {
    const port = Number(new URL(url).port);
    this.#note = (message) => {
      const { socket } = message as { socket: Socket };
      if (socket.localPort === port) this.#sockets.push(socket);
    };
    diagnostics.subscribe('net.server.socket', this.#note);
  }

  /** Those that are open, in the order in which they were made. */
  get open(): readonly Socket[] {
    return this.#sockets.filter(({ destroyed }) => !destroyed);
  }

  [Symbol.dispose](): void {
    diagnostics.unsubscribe('net.server.socket', this.#note);
  }
}
