import { connect } from 'node:net';
import type { HttpAnswer } from './answer-faults.js';

/** How a connection ended on which bytes were written. */
export interface RawExchange {
  /** Everything that came back. */
  readonly received: Buffer;
  /** Whether the other side left the connection open, so that this side had to end it. */
  readonly leftOpen: boolean;
}

/** Milliseconds of silence after which the bytes are taken for the beginning of something that never ends. */
const silenceMs = 400;
const patienceMs = 5000;

/** Writes bytes to a server and reads until it ends the connection; to one that waits for more it says that there is none. */
export function exchangeRaw(url: string, bytes: Uint8Array, isWhole: boolean): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let leftOpen = false;
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const tired = setTimeout(() => {
      leftOpen = true;
      socket.destroy();
    }, patienceMs);
    const endUnanswered = () => firstAnswer(Buffer.concat(chunks)) || socket.end();
    const silent = setTimeout(endUnanswered, isWhole ? patienceMs : silenceMs);
    socket.on('data', (chunk) => void chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(tired);
      clearTimeout(silent);
      resolve({ received: Buffer.concat(chunks), leftOpen });
    });
    socket.write(bytes);
  });
}

/** The first final answer among bytes that a server sent; undefined where there is none. */
export function firstAnswer(received: Buffer): HttpAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(line.split(' ')[1]);
  const rest = received.subarray(end + 4);
  if (status >= 100 && status < 200) return firstAnswer(rest);
  const headers = new Headers(lines.map((each) => each.split(/: ?(.*)/s).slice(0, 2) as [string, string]));
  const length = headers.get('content-length');
  return {
    status,
    headers,
    text: rest.subarray(0, length === null ? undefined : Number(length)).toString('utf8'),
  };
}
