import type { Clock } from '../../clock.js';
import type { Config } from '../../config/config.js';
import { VonageClient } from '../../vonage/vonage-client.js';

/** Open connections of all keys that Vonage has not accepted yet, at most. */
const verifierConnections = 16;

/** Open connections of one key at most, whatever its rate is. */
const maxConnectionsOfKey = 256;

/** The clients that are open. Each key has connections of its own, so that calls of one key that hang hold back no other key. */
export class VonageClients {
  readonly #vonage: Config['vonage'];
  readonly #clock: Clock;
  readonly #open = new Set<VonageClient>();

  constructor(vonage: Config['vonage'], clock: Clock) {
    this.#vonage = vonage;
    this.#clock = clock;
  }

  /** For one key: as many connections as its calls can be in flight, which is its rate for as long as a call may take. */
  openForKey(): VonageClient {
    const { ratePerSecond, callTimeoutMs } = this.#vonage;
    return this.#openWith(Math.min(maxConnectionsOfKey, Math.ceil((ratePerSecond * callTimeoutMs) / 1000)));
  }

  /** For all keys that Vonage has not accepted yet. */
  openForVerifier(): VonageClient {
    return this.#openWith(verifierConnections);
  }

  async close(client: VonageClient): Promise<void> {
    await client.close();
    this.#open.delete(client);
  }

  /** Ends the calls that are in flight; what they return would be billed and lost anyway. */
  async abort(): Promise<void> {
    await Promise.all([...this.#open].map((client) => client.abort()));
  }

  #openWith(maxConnections: number): VonageClient {
    const { baseUrl, callTimeoutMs: timeoutMs } = this.#vonage;
    const client = new VonageClient({ baseUrl, clock: this.#clock, timeoutMs, maxConnections });
    this.#open.add(client);
    return client;
  }
}
