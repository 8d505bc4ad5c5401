import { type RateLimits, RateWindow } from './rate-window.js';

/** An API key that the simulator accepts. */
export interface SimulatedKey {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Accounts that it may read. */
  readonly accountIds: readonly string[];
}

/** A key and how many calls were made with it lately. */
export interface KnownKey extends SimulatedKey {
  readonly rate: RateWindow;
}

/** The keys that the simulator accepts. Each has its own rate, which a changed secret does not reset. */
export class SimulatedKeys {
  readonly #limits: RateLimits;
  readonly #known = new Map<string, KnownKey>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Accepts a key from now on, with this secret and no other. */
  accept(key: SimulatedKey): void {
    const rate = this.#known.get(key.apiKey)?.rate ?? new RateWindow(this.#limits);
    this.#known.set(key.apiKey, { ...key, rate });
  }

  /** The key that an `Authorization` header authenticates. */
  provenBy(header: string | undefined): KnownKey | undefined {
    const [, encoded = ''] = /^Basic (\S+)$/.exec(header ?? '') ?? [];
    const [apiKey = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
    const known = this.#known.get(apiKey);
    return known?.apiSecret === secret.join(':') ? known : undefined;
  }
}
