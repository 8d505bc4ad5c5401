import type { Logger } from 'pino';
import { productName } from '../catalogue/product.js';
import type { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { settingGroups } from '../config/settings.js';
import type { ParsedDocuments } from '../graphql/document-caches.js';
import type { RequestObserver } from '../http/endpoint/graphql-route.js';
import type { CachedResponse, ResponseCache } from '../http/endpoint/response-cache.js';
import {
  type AdminServer,
  type HealthReport,
  type KeyHealth,
  startAdminServer,
} from '../observability/admin-server.js';
import { type GaugeSources, registerGauges, registerProcessMetrics } from '../observability/gauges.js';
import { GatewayMetrics } from '../observability/metrics.js';
import { Tracing } from '../observability/tracing.js';
import type { OperationReport, OperationTrace } from '../operation/operation-report.js';
import { version } from '../package-files.js';
import { otherAccounts } from './api-keys.js';
import type { ReloadableSecurity } from './reloadable-security.js';
import { explainListenError } from './startup-checks.js';
import type { UpstreamEngines, UpstreamStats } from './upstream-engines.js';

/** What the metrics and the health report read. */
export interface ObservedParts {
  readonly upstream: UpstreamEngines;
  readonly responseCache: ResponseCache;
  readonly parsedDocuments: ParsedDocuments;
  readonly security: ReloadableSecurity;
  /** Whether the gateway accepts work. */
  isReady(): boolean;
  /** Origin at which it listens for clients. */
  readonly url: string;
}

/** The access log, the traces, the metrics and the admin listener of one gateway. The last two need `ADMIN_PORT`. */
export class Observability implements RequestObserver {
  /** Undefined without an admin listener. */
  readonly metrics: GatewayMetrics | undefined;
  readonly tracing: Tracing;
  readonly #config: Config;
  readonly #logger: Logger;
  #server: AdminServer | undefined;
  #stopProcessMetrics: (() => void) | undefined;

  constructor(config: Config, logger: Logger, clock: Clock) {
    this.#config = config;
    this.#logger = logger;
    this.tracing = new Tracing(clock, new URL(config.vonage.baseUrl).host);
    this.metrics = config.admin.port === undefined ? undefined : new GatewayMetrics();
  }

  /** Origin of the admin listener; undefined where there is none. */
  get url(): string | undefined {
    return this.#server?.url;
  }

  /** Starts the admin listener, and writes the start lines. Rejects with a StartError when its address cannot be used. */
  async start(parts: ObservedParts): Promise<void> {
    await this.#listen(parts);
    const settings = effectiveSettings(this.#config);
    this.#logger.info({ version, node: process.version, settings }, 'started');
    this.#logger.info({ address: parts.url, adminAddress: this.url }, 'listening');
  }

  async #listen(parts: ObservedParts): Promise<void> {
    const { port, host } = this.#config.admin;
    if (!this.metrics || port === undefined) return;
    const { registry } = this.metrics;
    registerGauges(registry, gaugeSources(this.#config, parts));
    this.#stopProcessMetrics = registerProcessMetrics(registry);
    const address = { host, port, hostSetting: 'ADMIN_HOST', portSetting: 'ADMIN_PORT' };
    this.#server = await explainListenError(address, () =>
      startAdminServer({
        host,
        port,
        metrics: () => registry.metrics(),
        metricsType: registry.contentType,
        health: () => healthOf(parts),
      }),
    );
  }

  startTrace(traceparent: string | string[] | undefined, elapsedMs: number): OperationTrace {
    return this.tracing.startOperation(traceparent, elapsedMs);
  }

  /** Writes the access line of an operation, and counts it. */
  onOperationEnded(report: OperationReport): void {
    const { durationMs, ...line } = report;
    this.#logger.info({ ...line, ms: Math.round(durationMs * 10) / 10 }, 'operation');
    this.metrics?.onOperationEnded(report);
  }

  /** Counts the records of a response that came from the response cache. */
  onCachedResponse({ ids, savedRecords }: CachedResponse): void {
    this.metrics?.onLookupEnded('found', ids);
    for (const [product, records] of savedRecords) this.metrics?.onRecordsSaved(product, 'cache', records);
  }

  onRequestRejected(status: number): void {
    this.metrics?.onRequestRejected(status);
  }

  /** Stops the gateway, and writes the stop line. */
  async timeStop(stop: () => Promise<void>, reason: string | undefined): Promise<void> {
    const startedAtMs = performance.now();
    await stop();
    this.#logger.info({ reason, ms: Math.round(performance.now() - startedAtMs) }, 'stopped');
  }

  async close(): Promise<void> {
    this.#stopProcessMetrics?.();
    await this.#server?.close();
  }
}

function gaugeSources(
  { vonage, redis }: Config,
  { upstream, responseCache, parsedDocuments, security }: ObservedParts,
): GaugeSources {
  const all = () => {
    const { keys, own } = upstream.stats();
    return [...keys, ...own];
  };
  return {
    host: new URL(vonage.baseUrl).host,
    tokensAvailable: () => sum(upstream.stats().keys.map(({ tokensAvailable }) => tokensAvailable)),
    callSpacingMs: () =>
      Math.max(0, ...upstream.stats().keys.map(({ rateLimiter }) => rateLimiter.spacingMs)),
    waitingIds: () => sum(all().map(({ queue }) => queue.waiting)),
    isCircuitOpen: () => all().some(({ breaker }) => breaker.phase === 'open'),
    isRedisUp: () => upstream.caches.usage.isRedisUp,
    // Without Redis there is no other mode, whether the operator has a key or not.
    limiterMode: () =>
      redis.url === undefined || upstream.stats().keys.some(({ rateLimiter }) => rateLimiter.mode === 'local')
        ? 'local'
        : 'shared',
    cache: () => {
      const { bytes, hits, misses } = upstream.caches.usage;
      return { bytes: bytes + responseCache.bytes, hits, misses };
    },
    documentCache: () => parsedDocuments,
    callerRecordsLeft: () => recordsLeftByCaller(security, upstream),
    accountRecordsLeft: () => recordsLeftByAccount(upstream.stats()),
    drift: () => upstream.drift,
  };
}

function recordsLeftByCaller(
  { recordsPerDay }: ReloadableSecurity,
  { quotaStore }: UpstreamEngines,
): ReadonlyMap<string, number> {
  return new Map([...recordsPerDay].map(([name, limit]) => [name, quotaStore.recordsLeft(name, limit)]));
}

/** Accounts of one key share its records. */
function recordsLeftByAccount({ keys }: UpstreamStats): ReadonlyMap<string, number> {
  return new Map(
    keys.flatMap(({ accounts, recordsLeft }) =>
      recordsLeft === undefined ? [] : accounts.map((account) => [account, recordsLeft] as const),
    ),
  );
}

function healthOf({ upstream, isReady }: ObservedParts): HealthReport {
  const { keys } = upstream.stats();
  const { isRedisUp } = upstream.caches.usage;
  return {
    status: isReady() ? 'ready' : 'stopping',
    checks: {
      keys: keys.map(keyHealthOf),
      ...(isRedisUp !== undefined && { redis: { isUp: isRedisUp } }),
    },
  };
}

function keyHealthOf(key: UpstreamStats['keys'][number]): KeyHealth {
  const { accounts, credentials, breaker, rateLimiter, recordsLeft, queue, estimatedWaitMs } = key;
  const shown = (account: string) => (accounts.includes(account) ? account : otherAccounts);
  return {
    accounts,
    credentials,
    circuitBreaker: { isOpen: breaker.phase === 'open' },
    rateLimiter: rateLimiter.mode,
    callSpacingMs: Math.round(rateLimiter.spacingMs),
    ...(recordsLeft !== undefined && { recordsLeft }),
    refusedProducts: key.refusedProducts.map(({ accountId, product }) => ({
      account: shown(accountId),
      product: productName(product),
    })),
    refusedAccounts: key.refusedAccounts.map(shown),
    queue: { waitingIds: queue.waiting, estimatedWaitMs: Math.ceil(estimatedWaitMs) },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The settings in use by the names of their variables, without secrets, files and settings without a value. */
function effectiveSettings(config: Config): Readonly<Record<string, unknown>> {
  const { general: _process, ...groups } = settingGroups;
  const settings = Object.entries(groups).flatMap(([group, members]) =>
    Object.entries(members).map(([name, setting]) => {
      const values = config[group as keyof typeof groups] as Readonly<Record<string, unknown>>;
      return [setting, values[name]] as const;
    }),
  );
  const shown = settings.filter(
    ([{ source, isQuoted }, value]) => source === 'variable' && isQuoted !== false && value !== undefined,
  );
  return {
    LOG_LEVEL: config.logLevel,
    ...Object.fromEntries(shown.map(([{ key }, value]) => [key, value])),
  };
}
