import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { buildServedSchema } from './bootstrap/build-schema.js';
import { type Config, readConfig, withEnvFile } from './config/config.js';
import { startEmbeddedSimulator } from './embedded-simulator.js';
import { startGateway } from './gateway.js';

/** Milliseconds beyond its delay and its grace time after which a process that does nothing and does not stop is ended. */
const stopTimeoutMs = 15_000;

/** Share of a second for which a process that still stops keeps its event loop busy. */
const busyShare = 0.5;

/** Starts the gateway with the settings of the environment, and lets signals and changed files steer it. */
export async function serve(): Promise<void> {
  const config = readAll();
  const servedSchema = await buildServedSchema();
  const simulator = await startEmbeddedSimulator(config, servedSchema);
  const configured = (read: Config) => simulator?.configure(read) ?? read;
  const read = () => configured(readAll());
  const gateway = await startGateway({ config: configured(config), servedSchema });
  process.stdout.write(simulator ? welcome(gateway.url, simulator.url) : `GraphQL: ${gateway.url}/graphql\n`);
  // In the background: an unreachable Vonage must not delay the start.
  void gateway.checkCredentials();
  const { shutdownDelayMs, shutdownGraceMs } = config.http;
  const timeoutMs = shutdownDelayMs + shutdownGraceMs + stopTimeoutMs;
  stopOnSignal(simulator ? [gateway, simulator] : [gateway], timeoutMs);
  process.on('SIGHUP', () => gateway.reload(read));
  process.on('SIGUSR1', () => gateway.logger.warn('SIGUSR1 arrived; the debugger of Node.js stays closed'));
  watchFiles(config.files, () => gateway.reload(read));
}

function readAll(): Config {
  const { environment, errors, warnings } = withEnvFile(process.env);
  return readConfig(environment, errors, warnings);
}

/** The first signal ends everything in order. A second signal ends the process at once, and so does a standstill after the timeout. */
function stopOnSignal(running: readonly { close(reason: string): Promise<void> }[], timeoutMs: number): void {
  const stop = async (signal: string) => {
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
    setTimeout(exitAtStandstill, timeoutMs).unref();
    for (const each of running) await each.close(signal);
    process.exit(0);
  };
  process.once('SIGINT', () => void stop('SIGINT'));
  process.once('SIGTERM', () => void stop('SIGTERM'));
}

/** A busy process still writes responses, however slow the machine is; a process that only waits is stuck. */
function exitAtStandstill(): void {
  let before = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(now, before).utilization < busyShare) process.exit(1);
    before = now;
  }, 1000);
}

function welcome(url: string, simulatorUrl: string): string {
  return `
The embedded simulator answers with invented records (${simulatorUrl}), because no Vonage credentials are set.
To ask Vonage itself, set VONAGE_API_KEY and VONAGE_API_SECRET in the environment or in the file .env.

  GraphQL and Apollo Sandbox   ${url}/graphql
  Explorer without internet    ${url}/explorer

Three queries to try:

  1. One SMS, by its message id:
     { record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { id totalPrice ... on SmsOutboundRecord { status to networkName } } }

  2. Four verifications, of which two do not exist:
     { records(product: VERIFY_API, ids: ["7b1091b8-1a05-11eb-bad9-38f9d331493", "7b109636-1a05-11eb-bad9-38f9d3316493", "7b109a1e-1a05-11eb-bad9-38f9d3316493", "7b10a0c2-1a05-11eb-bad9-38f9d331649"]) { results { requestedId outcome records { vonageId ... on VerifyApiRecord { status } } } } }

  3. Ids of unknown products:
     { records(ids: ["15000000E1F8B123", "7b109636-1a05-11eb-bad9-38f9d3316493"]) { nodes { __typename vonageId product } } }

For example:
  curl -s ${url}/graphql -H 'content-type: application/json' --data '{"query":"{ record(id: \\"15000000E1F8B123\\", product: SMS, direction: OUTBOUND) { id totalPrice ... on SmsOutboundRecord { status to networkName } } }"}'
`;
}

/** Milliseconds between two checks of a file. */
const pollIntervalMs = 1000;

/**
 * Calls back when one of the files changes, appears or disappears. Polls the files in place of waiting for file system
 * events: a mounted secret changes when a link above it moves, and no event reports that.
 *
 * @returns stops watching
 */
export function watchFiles(paths: readonly string[], onChange: () => void): () => void {
  const listener = (now: Stats, before: Stats) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) onChange();
  };
  for (const path of new Set(paths))
    watchFile(path, { interval: pollIntervalMs, persistent: false }, listener);
  return () => {
    for (const path of new Set(paths)) unwatchFile(path, listener);
  };
}
