import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const head = 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ';

/** Sockets that send their headers a byte a second, for ever if they may. */
export class SlowSockets implements Disposable {
  readonly #answers: string[] = [];
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

  /** How many were told 408 and ended. */
  get cut(): number {
    return this.#answers.filter((answer) => answer.startsWith('HTTP/1.1 408 ')).length;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  #add(socket: Socket): void {
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    // What it ends with is told by the answer, or by there being none.
    socket.on('error', () => {}).on('end', () => this.#answers.push(answer));
    this.#sockets.push(socket);
  }
}
