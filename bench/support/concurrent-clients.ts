import { get, RawConnection, type RawResponse } from './raw-connection.js';

/** Connections opened together. More would overflow the accept queue, and the kernel would retry after a second. */
const connectionsAtOnce = 200;

/** Response to one request and its duration. */
export interface ClientOutcome {
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

/** Many clients, each with its own connection. */
export class ConcurrentClients implements Disposable {
  readonly #clients: readonly RawConnection[];

  private constructor(clients: readonly RawConnection[]) {
    this.#clients = clients;
  }

  static async connect(url: string, size: number): Promise<ConcurrentClients> {
    const clients: RawConnection[] = [];
    while (clients.length < size) {
      const next = Math.min(connectionsAtOnce, size - clients.length);
      clients.push(...(await Promise.all(Array.from({ length: next }, () => RawConnection.open(url)))));
      // The server accepts in order, so a response to the last connection shows that it accepted all.
      await clients.at(-1)?.request(get(`${url}/livez`));
    }
    return new ConcurrentClients(clients);
  }

  /** Number of open connections. */
  get openCount(): number {
    return this.#clients.filter(({ isOpen }) => isOpen).length;
  }

  /** Sends one request of each client at once. A connection that closes without a response has the status 0. */
  request(requestOf: (client: number) => string): Promise<readonly ClientOutcome[]> {
    const startedAtMs = performance.now();
    return Promise.all(
      this.#clients.map(async (client, index) => {
        const response = await client.request(requestOf(index)).catch(failedResponse);
        return { ...response, tookMs: performance.now() - startedAtMs };
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.close();
  }
}

function failedResponse(error: Error): RawResponse {
  return { status: 0, body: error.message };
}
