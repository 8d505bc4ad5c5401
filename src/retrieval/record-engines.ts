import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { Credentials } from '../vonage/credentials.js';
import type { RecordEngine } from './record-engine.js';

/** What an engine is made for. */
export interface EngineScope {
  /** The credentials as they are now. */
  credentials(): Credentials;
  /** Names the credentials in this process. Holds no slash. */
  readonly name: string;
  /** Whether a caller brought the credentials. */
  readonly isOwn?: boolean;
}

/** An engine and what ends with it. */
export interface RunningEngine {
  readonly engine: RecordEngine;
  close(): Promise<void>;
}

/** The operator's keys at Vonage. */
export interface AccountKeys {
  /** By account id. */
  readonly accounts: ReadonlyMap<string, Credentials>;
  /** For accounts that are not listed, such as subaccounts of the key's own; undefined to ask for listed ones only. */
  readonly fallback: Credentials | undefined;
}

interface KeyedEngine extends RunningEngine {
  credentials: Credentials;
}

export interface RecordEnginesOptions {
  readonly clock: Clock;
  /** Milliseconds that an engine without new lookups can take for those it has. */
  readonly drainMs: number;
  start(scope: EngineScope): RunningEngine;
}

/** Engines that are kept for callers with keys of their own; the one that was idle longest is retired first. */
const maxOwnEngines = 1000;

/**
 * One engine for each API key: a rate limiter, lanes, a breaker and a part of the cache that no lookup with another key
 * shares. A caller who brings a key of its own gets an engine of its own.
 */
export class RecordEngines {
  readonly #options: RecordEnginesOptions;
  readonly #byKey = new Map<string, KeyedEngine>();
  readonly #own = new LRUCache<string, RunningEngine>({
    max: maxOwnEngines,
    dispose: (running, _name, reason) => reason === 'evict' && this.#retire(running),
  });
  /** Engines without new lookups, and how to stop waiting for their last responses. */
  readonly #retired = new Map<RunningEngine, () => void>();
  #keys: AccountKeys = { accounts: new Map(), fallback: undefined };

  constructor(options: RecordEnginesOptions) {
    this.#options = options;
  }

  /** Takes over new keys. An engine whose key stays goes on with its new secret; one whose key has gone is retired. */
  assign(keys: AccountKeys): void {
    this.#keys = keys;
    const wanted = new Map(credentialsOf(keys).map((each) => [each.apiKey, each]));
    for (const [apiKey, engine] of this.#byKey) {
      if (wanted.has(apiKey)) continue;
      this.#byKey.delete(apiKey);
      this.#retire(engine);
    }
    for (const [apiKey, credentials] of wanted) {
      const known = this.#byKey.get(apiKey);
      if (known) known.credentials = replaced(known.credentials, credentials);
      else this.#byKey.set(apiKey, this.#startKeyed(credentials));
    }
  }

  /** The engine that asks for an account. Throws BAD_USER_INPUT when there is no key for it. */
  of(accountId: string): RecordEngine {
    const running = this.#keyedFor(accountId);
    if (running) return running.engine;
    throw new GatewayError('BAD_USER_INPUT', 'accountId names an account that this gateway has no key for.');
  }

  /**
   * The engine of a caller who brings a key that Vonage has accepted.
   *
   * @param name tells pairs of key and secret apart; holds no slash
   */
  ownOf(name: string, credentials: Credentials): RecordEngine {
    const known = this.#own.get(name);
    if (known) return known.engine;
    const running = this.#options.start({ name, credentials: () => credentials, isOwn: true });
    this.#own.set(name, running);
    return running.engine;
  }

  /** The operator's credentials for an account, as they are now; undefined when there is no key for it. */
  credentialsFor(accountId: string): Credentials | undefined {
    return this.#keyedFor(accountId)?.credentials;
  }

  /** The operator's credentials, as they are now, that an engine of this name uses; undefined when there is none. */
  credentialsOf(name: string): Credentials | undefined {
    return this.#byKey.get(decodeURIComponent(name))?.credentials;
  }

  /** Engines of the operator's keys. */
  get all(): readonly RecordEngine[] {
    return [...this.#byKey.values()].map(({ engine }) => engine);
  }

  /** Engines of callers who brought keys of their own. */
  get own(): readonly RecordEngine[] {
    return [...this.#own.values()].map(({ engine }) => engine);
  }

  /** Tells every engine that the process stops at a moment (epoch milliseconds). */
  closeAt(closesAtMs: number): void {
    const retired = [...this.#retired.keys()].map(({ engine }) => engine);
    for (const engine of [...this.all, ...this.own, ...retired]) engine.closeAt(closesAtMs);
  }

  /** Closes every engine without waiting for responses. */
  async close(): Promise<void> {
    this.assign({ accounts: new Map(), fallback: undefined });
    for (const running of this.#own.values()) this.#retire(running);
    this.#own.clear();
    const retired = [...this.#retired];
    this.#retired.clear();
    for (const [, stopWaiting] of retired) stopWaiting();
    await Promise.all(retired.map(([running]) => running.close()));
  }

  #keyedFor(accountId: string): KeyedEngine | undefined {
    const credentials = this.#keys.accounts.get(accountId) ?? this.#keys.fallback;
    return credentials && this.#byKey.get(credentials.apiKey);
  }

  #startKeyed(credentials: Credentials): KeyedEngine {
    const name = encodeURIComponent(credentials.apiKey);
    const keyed: KeyedEngine = {
      credentials,
      ...this.#options.start({ name, credentials: () => keyed.credentials }),
    };
    return keyed;
  }

  #retire(running: RunningEngine): void {
    const { clock, drainMs } = this.#options;
    const close = () => {
      this.#retired.delete(running);
      void running.close();
    };
    const { pending, inFlight, pendingPages } = running.engine;
    if (pending === 0 && inFlight === 0 && pendingPages === 0) close();
    else this.#retired.set(running, clock.setTimer(drainMs, close));
  }
}

function credentialsOf({ accounts, fallback }: AccountKeys): readonly Credentials[] {
  return [...accounts.values(), ...(fallback ? [fallback] : [])];
}

/** Equal credentials stay the same object, so that a call in flight does not take them for a change. */
function replaced(known: Credentials, next: Credentials): Credentials {
  return known.authorization === next.authorization ? known : next;
}
