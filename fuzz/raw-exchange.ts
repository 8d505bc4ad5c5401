import { connect } from 'node:net';
import type { HttpResponse } from './check-response.js';

/** Result of writing bytes to a connection. */
export interface RawExchange {
  /** All received bytes. */
  readonly received: Buffer;
  /** Whether the server left the connection open until the timeout. */
  readonly leftOpen: boolean;
}

/** Time after which this side ends an incomplete request that has no response. */
const incompleteTimeoutMs = 400;
/** Time limit of an exchange, generous for a busy machine. */
const exchangeTimeoutMs = 15_000;

/** Writes bytes to a server and reads until it closes the connection. Ends an incomplete request itself. */
export function exchangeRaw(url: string, bytes: Uint8Array, isWhole: boolean): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let leftOpen = false;
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const timeoutTimer = setTimeout(() => {
      leftOpen = true;
      socket.destroy();
    }, exchangeTimeoutMs);
    const endWithoutResponse = () => firstResponse(Buffer.concat(chunks)) || socket.end();
    const endTimer = setTimeout(endWithoutResponse, isWhole ? exchangeTimeoutMs : incompleteTimeoutMs);
    socket.on('data', (chunk) => void chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timeoutTimer);
      clearTimeout(endTimer);
      resolve({ received: Buffer.concat(chunks), leftOpen });
    });
    socket.write(bytes);
  });
}

/** The first final response in received bytes, or undefined. */
export function firstResponse(received: Buffer): HttpResponse | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(line.split(' ')[1]);
  const rest = received.subarray(end + 4);
  if (status >= 100 && status < 200) return firstResponse(rest);
  const headers = new Headers(lines.map((each) => each.split(/: ?(.*)/s).slice(0, 2) as [string, string]));
  const length = headers.get('content-length');
  return {
    status,
    headers,
    text: rest.subarray(0, length === null ? undefined : Number(length)).toString('utf8'),
  };
}
