import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { passwordsOf } from '../traffic/resilience/redis-url.js';
import { credentialsByAccount } from './engines/accounts.js';

/** Texts that no log line may show: the secrets in use, and for a time those that a reload replaced. */
export class ConcealedSecrets {
  readonly #clock: Clock;
  readonly #keepMs: number;
  #current: readonly string[];
  #replaced: { readonly secrets: readonly string[]; readonly untilMs: number }[] = [];

  /** @param keepMs milliseconds for which calls with a replaced secret can still run and fail */
  constructor(secrets: readonly string[], clock: Clock, keepMs: number) {
    this.#current = secrets;
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** All texts to conceal now. */
  get all(): readonly string[] {
    if (this.#replaced.length === 0) return this.#current;
    const nowMs = this.#clock.now();
    this.#replaced = this.#replaced.filter(({ untilMs }) => untilMs > nowMs);
    return [...this.#current, ...this.#replaced.flatMap(({ secrets }) => secrets)];
  }

  /** Takes over the secrets of a reload. */
  replace(secrets: readonly string[]): void {
    this.#replaced.push({ secrets: this.#current, untilMs: this.#clock.now() + this.#keepMs });
    this.#current = secrets;
  }
}

/** Every text of a configuration that must not appear in a log. */
export function configuredSecrets({ vonage, redis, graphql }: Config): readonly string[] {
  const { accounts, fallback } = credentialsByAccount(vonage);
  const credentials = [...accounts.values(), ...(fallback ? [fallback] : [])];
  const texts = [redis.url, graphql.routerSecret].flatMap((text) => text || []);
  return [...texts, ...passwordsOf(redis.url ?? ''), ...credentials.flatMap(({ secrets }) => secrets)];
}
