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
