import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const head = 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ';

/** Sockets that send their headers a byte a second until the server closes them. */
export class SlowSockets implements Disposable {
  readonly #responses: string[] = [];
  readonly #sockets: Socket[] = [];
  readonly #timer: NodeJS.Timeout;

  private constructor() {
    let sent = 0;
    this.#timer = setInterval(() => {
      for (const socket of this.#sockets) if (socket.writable) socket.write(head[sent] ?? 'a', 'latin1');
      sent += 1;
    }, 1000);
  }

  static async open(url: string, count: number): Promise<SlowSockets> {
    const slow = new SlowSockets();
    const { hostname, port } = new URL(url);
    for (let each = 0; each < count; each += 1) {
      const socket = connect({ host: hostname, port: Number(port) });
      slow.#add(socket);
      await once(socket, 'connect');
    }
    return slow;
  }

  /** Number of sockets that the server closed with 408. */
  get closedCount(): number {
    return this.#responses.filter((response) => response.startsWith('HTTP/1.1 408 ')).length;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  #add(socket: Socket): void {
    let response = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      response += text;
    });
    // The response shows why the socket ended; a socket without one counts as not closed by the server.
    socket.on('error', () => {}).on('end', () => this.#responses.push(response));
    this.#sockets.push(socket);
  }
}
