import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A connection over which a test writes what no HTTP client would. */
export interface RawSocket {
  readonly socket: Socket;
  write(text: string): void;
  /** All that arrived, once the gateway has ended the connection. */
  readonly ended: Promise<string>;
}

export async function openRawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  // What a connection may end with does not matter, only that it ends.
  socket.on('error', () => {});
  const ended = once(socket, 'close').then(() => received);
  await once(socket, 'connect');
  return { socket, write: (text) => void socket.write(text), ended };
}

/** Writes a request, ended by the gateway, and reads its answer. */
export async function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const { write, ended } = await openRawSocket(url);
  write(text);
  return readAnswer(await ended);
}

export function readAnswer(text: string): RawAnswer {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return { status: Number(first.split(' ')[1]), headers: new Headers(headers), body };
}
