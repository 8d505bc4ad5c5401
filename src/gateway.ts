import { lookup } from 'node:dns/promises';
import type { Logger } from 'pino';
import type { ServedSchema } from './bootstrap/build-schema.js';
import { refusedRequestsLog, signingKeysLog } from './bootstrap/event-log.js';
import { Observability } from './bootstrap/observability.js';
import { ReloadableSecurity } from './bootstrap/reloadable-security.js';
import { dailyLimitWarnings, explainListenError, processWarnings } from './bootstrap/startup-checks.js';
import { stopInOrder } from './bootstrap/stop-in-order.js';
import { UpstreamEngines } from './bootstrap/upstream-engines.js';
import { type Clock, monotonicClock } from './clock.js';
import type { Config } from './config/config.js';
import type { ConfigError } from './config/config-problems.js';
import { ParsedDocuments } from './graphql/document-caches.js';
import { GraphqlServer } from './graphql/graphql-server.js';
import { type ContextOptions, createOperationContext } from './graphql/operation-context.js';
import { ResponseCache } from './http/endpoint/response-cache.js';
import { type ExampleOperation, readExampleOperations } from './http/pages.js';
import { createServer } from './http/server.js';
import { Shutdown } from './http/shutdown.js';
import { createLogger } from './logger.js';
import { CallerQuota } from './operation/caller-quota.js';
import type { RecordEngines } from './retrieval/record-engines.js';

export interface GatewayOptions {
  readonly config: Config;
  readonly servedSchema: ServedSchema;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** A number from 0 (included) to 1 (excluded); spreads retries. Default: Math.random. */
  readonly random?: () => number;
}

/** A listening gateway. */
export interface Gateway extends AsyncDisposable {
  /** Origin at which it listens. */
  readonly url: string;
  /** Origin of the admin listener; undefined where there is none. */
  readonly adminUrl: string | undefined;
  /** Its log, for events of the process. */
  readonly logger: Logger;
  /** The engines that find records; their counters tell what goes on towards Vonage. */
  readonly engines: RecordEngines;
  /**
   * Takes over what may change while the gateway runs: keys, secrets, tokens and trusted documents. Requests in progress
   * continue. If the new configuration is invalid, the gateway logs its errors and keeps the current one.
   *
   * @param read reads the configuration again
   */
  reload(read: () => Config): void;
  /**
   * Makes one free call with each API key of the operator, and logs whether Vonage accepts it. Never rejects. Not part of
   * the start, so that Vonage cannot delay it.
   */
  checkCredentials(): Promise<void>;
  /**
   * Goes on for `SHUTDOWN_DELAY_MS` without being ready, finishes within `SHUTDOWN_GRACE_MS` the operations that it can, refuses
   * the others at once, then closes every component.
   *
   * @param reason why it stops, such as a signal; for the log
   */
  close(reason?: string): Promise<void>;
}

/** Builds every module, wires them, and listens. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const parts = createParts(options);
  const { config, clock, logger, security, observability, upstream, shutdown } = parts;
  const server = await createHttp(parts, await startGraphql(parts));
  await listen(server, config.http);
  const { listeningOrigin: url } = server;
  await observability.start({ ...parts, isReady: () => shutdown.isReady, url });
  const stop = () => stopInOrder({ server, shutdown, upstream, clock, http: config.http });
  const close = once((reason) => observability.timeStop(stop, reason));
  return {
    url,
    adminUrl: observability.url,
    logger,
    engines: upstream.engines,
    reload: reloader(logger, config, [security, upstream]),
    checkCredentials: () => upstream.checkCredentials(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** The modules behind the server. */
interface Parts extends Required<Pick<GatewayOptions, 'config' | 'servedSchema' | 'clock' | 'logger'>> {
  readonly security: ReloadableSecurity;
  readonly observability: Observability;
  readonly upstream: UpstreamEngines;
  readonly responseCache: ResponseCache;
  readonly parsedDocuments: ParsedDocuments;
  readonly examples: readonly ExampleOperation[];
  readonly shutdown: Shutdown;
}

function createParts(options: GatewayOptions): Parts {
  const { config, servedSchema, clock = monotonicClock, random = Math.random } = options;
  const security: ReloadableSecurity = createSecurity(options, () => ({ logger, upstream }));
  const logger: Logger = options.logger ?? loggerOf(config, security);
  const warnings = [...config.warnings, ...processWarnings(config.http), ...dailyLimitWarnings(config)];
  for (const warning of warnings) logger.warn(warning);
  const observability = new Observability(config, logger, clock);
  const { metrics, tracing } = observability;
  const responseCacheBytes = responseCacheBytesOf(config);
  const cacheBytes = config.cache.maxBytes - responseCacheBytes;
  const common = { config, servedSchema, clock, logger };
  const upstream = new UpstreamEngines({ ...common, random, metrics, tracing, cacheBytes });
  return {
    ...{ ...common, security, observability, upstream },
    responseCache: new ResponseCache(responseCacheBytes),
    parsedDocuments: new ParsedDocuments(config.graphql.documentCacheMaxBytes),
    examples: readExampleOperations(),
    shutdown: new Shutdown(),
  };
}

/** The same stop, which happens once however often it is asked for. */
function once(stop: (reason?: string) => Promise<void>): (reason?: string) => Promise<void> {
  let stopped: Promise<void> | undefined;
  return (reason) => {
    stopped ??= stop(reason);
    return stopped;
  };
}

/** @param parts what the security hooks use while the gateway runs; made after them */
function createSecurity(
  { config, clock }: GatewayOptions,
  parts: () => { readonly logger: Logger; readonly upstream: UpstreamEngines },
): ReloadableSecurity {
  const logger = () => parts().logger;
  return new ReloadableSecurity(config, {
    clock,
    verifyCredentials: (pair, credentials) => parts().upstream.verifier.verify(pair, credentials),
    onRefused: refusedRequestsLog(logger, clock ?? monotonicClock),
    onSigningKeysChange: signingKeysLog(logger),
  });
}

function loggerOf({ logLevel, production }: Config, security: ReloadableSecurity): Logger {
  return createLogger({ level: logLevel, secrets: () => security.secrets, readable: !production });
}

/** Listens on one address: for the name `localhost` Fastify would open a second server without the limits of the first. */
async function listen(server: Awaited<ReturnType<typeof createServer>>, http: Config['http']): Promise<void> {
  const address = { ...http, hostSetting: 'HOST', portSetting: 'PORT' };
  await explainListenError(address, async () => {
    const { address: host } = await lookup(http.host, { order: 'ipv4first' });
    // As many connections may wait to be accepted as may be open: the system drops those that find its queue full.
    await server.listen({ host, port: http.port, backlog: http.maxConnections });
  });
}

function createHttp(parts: Parts, graphql: GraphqlServer) {
  const { config, upstream, security, observability, shutdown, clock, logger, responseCache, examples } =
    parts;
  const context = contextOptions(parts);
  return createServer({
    ...{ graphql, clock, logger, examples, shutdown, responseCache },
    http: config.http,
    production: config.production,
    simulated: config.vonage.simulator,
    operationTimeoutMs: config.limits.operationTimeoutMs,
    authentication: security.authentication,
    documentGuard: security.documentGuard,
    observer: observability,
    isBacklogged: () => upstream.engines.all.some((engine) => engine.isBacklogged),
    createContext: (scope) => createOperationContext(scope, context),
    admitIds: (principal, ids) => context.quotaOf(principal).admit(ids),
    onClosed: async () => {
      await upstream.close();
      await observability.close();
    },
  });
}

function startGraphql(parts: Parts): Promise<GraphqlServer> {
  const { config, servedSchema, logger, security, examples, parsedDocuments } = parts;
  return GraphqlServer.start({
    schema: servedSchema.schema,
    production: config.production,
    simulated: config.vonage.simulator,
    limits: config.limits,
    legacyStatusCodes: config.graphql.legacyStatusCodes,
    parsedDocuments,
    sandboxDocument: examples[0]?.document ?? '',
    persistedQueries: security.persistedQueries,
    trustedDocuments: () => security.trustedDocuments,
    untrustedDocuments: security.untrustedDocuments((document) =>
      logger.warn(document, 'a document ran that is not in the list of trusted documents'),
    ),
    onInternalError: (err, requestId) =>
      logger.error({ err, requestId }, 'an operation failed with an internal error'),
  });
}

/** Reads the whole configuration first, so that an error leaves every part as it is. */
function reloader(logger: Logger, { warnings }: Config, parts: readonly { reload(config: Config): void }[]) {
  let known = warnings;
  return (read: () => Config): void => {
    try {
      const config = read();
      for (const part of parts) part.reload(config);
      logger.info('reloaded the keys, secrets, tokens and trusted documents');
      for (const warning of config.warnings) if (!known.includes(warning)) logger.warn(warning);
      known = config.warnings;
    } catch (error) {
      const { message } = error as ConfigError;
      logger.error({ message }, 'could not reload the configuration; the current one stays in force');
    }
  };
}

function contextOptions({ config, clock, upstream }: Parts): ContextOptions {
  const { accountId = '', searchProducts } = config.vonage;
  const { engines, quotaStore } = upstream;
  return {
    clock,
    engineOf: (account, { own }) => (own ? engines.ownOf(own.name, own.credentials) : engines.of(account)),
    quotaOf: (principal) => new CallerQuota(principal, quotaStore),
    rules: { accountId, searchProducts },
    maxRangeDays: config.limits.maxRangeDays,
    finalMaxAgeMs: config.cache.finalTtlMs,
  };
}

/** An eighth of the cache's bytes is for responses: they are larger than rows, and clients repeat only some of them. */
function responseCacheBytesOf({ cache }: Config): number {
  return Math.floor(cache.maxBytes / 8);
}
