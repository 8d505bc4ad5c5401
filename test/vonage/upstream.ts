import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Gate } from '../support/gate.js';

/** A request as a stand-in for Vonage saw it. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** A real HTTP server on a free port, which answers as a test says. */
export interface Upstream extends AsyncDisposable {
  /** Origin at which it listens. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Connections opened so far. */
  readonly connections: number;
  /** Resolves when a connection was closed by the other side or by this one. */
  readonly disconnected: Promise<void>;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export async function startUpstream(answer: Answer): Promise<Upstream> {
  const requests: SeenRequest[] = [];
  const sockets: Socket[] = [];
  const disconnected = new Gate();
  const server = createServer((request, response) => {
    requests.push(seen(request));
    answer(response, request);
  });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => disconnected.open());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return sockets.length;
    },
    disconnected: disconnected.opened,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers every request alike. */
export function reply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

function seen({ method = '', url = '', headers }: IncomingMessage): SeenRequest {
  const { pathname, searchParams } = new URL(url, 'http://upstream');
  return { method, path: pathname, parameters: searchParams, headers };
}
