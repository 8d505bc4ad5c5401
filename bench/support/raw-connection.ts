import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  readonly body: string;
}

interface PendingRequest {
  resolve(response: RawResponse): void;
  reject(error: Error): void;
}

/**
 * One keep-alive HTTP/1.1 connection that sends one request at a time. It uses little CPU, because client and server
 * share two cores: an ordinary client would distort the figures of the server.
 */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #pending: PendingRequest | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // In latin1 one character is one byte, so string lengths are lengths in bytes.
    socket.setEncoding('latin1').setNoDelay(true);
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection')));
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Sends bytes made by `post` or `get`. */
  request(bytes: string): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(bytes, 'latin1');
    });
  }

  /** False once either side has closed the connection. */
  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  close(): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }

  #take(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const body = bodyOf(this.#received.slice(0, headEnd), this.#received, headEnd + 4);
    if (body === undefined) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve({ status, body });
  }
}

/** The body once it is complete by content-length or by its last chunk. Chunk headers stay in the text. */
function bodyOf(head: string, received: string, start: number): string | undefined {
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  const complete =
    length === undefined ? received.endsWith('0\r\n\r\n') : received.length >= start + Number(length);
  return complete ? received.slice(start) : undefined;
}

/** The bytes of a GraphQL request. */
export function post(
  url: string,
  query: string,
  variables: object = {},
  headers: Readonly<Record<string, string>> = {},
): string {
  const body = JSON.stringify({ query, variables });
  const { host, pathname } = new URL(url);
  return [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}

/** The bytes of a plain request. */
export function get(url: string, headers: Readonly<Record<string, string>> = {}): string {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...lines, '', ''].join('\r\n');
}
