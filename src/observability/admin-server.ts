import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Health of one API key of the operator. */
export interface KeyHealth {
  /** Accounts that the key reads. */
  readonly accounts: readonly string[];
  /** What Vonage said about the credentials when they were last used; `unknown` before the first response. */
  readonly credentials: 'unknown' | 'accepted' | 'refused';
  readonly circuitBreaker: { readonly isOpen: boolean };
  readonly rateLimiter: 'shared' | 'local';
  /** Milliseconds that calls start apart after 429 responses; 0 without them. */
  readonly callSpacingMs: number;
  /** Records that the daily cap of the key still allows; absent without a cap. */
  readonly recordsLeft?: number;
  /** Products that Vonage refuses, which searches leave out. */
  readonly refusedProducts: readonly { readonly account: string; readonly product: string }[];
  /** Accounts that Vonage refuses as a whole. */
  readonly refusedAccounts: readonly string[];
  readonly queue: { readonly waitingIds: number; readonly estimatedWaitMs: number };
}

/** What `/readyz?verbose` shows. */
export interface HealthReport {
  /** `stopping` once the gateway accepts no more work. */
  readonly status: 'ready' | 'stopping';
  readonly checks: {
    readonly keys: readonly KeyHealth[];
    /** Absent where no Redis is configured. */
    readonly redis?: { readonly isUp: boolean };
  };
}

export interface AdminServerOptions {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  /** The metrics in the text format of Prometheus. */
  metrics(): Promise<string>;
  readonly metricsType: string;
  health(): HealthReport;
}

/** A listener for metrics and health. */
export interface AdminServer {
  readonly url: string;
  close(): Promise<void>;
}

interface AdminResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Listens on an address of its own, because metrics and health are not for the clients of the public port. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => void respond(request, response, options));
  const { address: host } = await lookup(options.host, { order: 'ipv4first' });
  server.listen(options.port, host);
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
  options: AdminServerOptions,
): Promise<void> {
  const isRead = method === 'GET' || method === 'HEAD';
  const { status, type, body } = isRead
    ? await responseOf(url, options)
    : text(405, 'The method must be GET or HEAD.');
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(body);
}

async function responseOf(url: string, options: AdminServerOptions): Promise<AdminResponse> {
  const [path, query = ''] = url.split('?', 2);
  switch (path) {
    case '/metrics':
      return { status: 200, type: options.metricsType, body: await options.metrics() };
    case '/livez':
      return json(200, { status: 'alive' });
    case '/readyz': {
      const { status, checks } = options.health();
      const isVerbose = new URLSearchParams(query).has('verbose');
      return json(status === 'ready' ? 200 : 503, isVerbose ? { status, checks } : { status });
    }
    default:
      return text(404, 'Nothing is served at this path; there are /metrics, /livez and /readyz?verbose.');
  }
}

function json(status: number, body: object): AdminResponse {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
}

function text(status: number, body: string): AdminResponse {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}
