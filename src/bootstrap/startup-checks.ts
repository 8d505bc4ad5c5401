import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.js';

/** Open files below which Node cannot load the modules of the gateway. It opens them together, and 128 are too few. */
const minOpenFiles = 256;

/** Open files that the system allows this process; undefined on a system that does not tell. Node has raised the soft limit. */
export function openFilesLimit(): number | undefined {
  try {
    const [, soft] =
      /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (soft === undefined) return undefined;
    return soft === 'unlimited' ? Infinity : Number(soft);
  } catch (error) {
    // Without a free descriptor the limit cannot even be read.
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? 0 : undefined;
  }
}

/** Why the process cannot load its modules; undefined when it can. Node itself would call a package missing. */
export function openFilesObstacle(limit: number | undefined): string | undefined {
  if (limit === undefined || limit >= minOpenFiles) return undefined;
  return `The system allows this process ${limit} open files, and the gateway needs at least ${minOpenFiles} to start: raise the limit (ulimit -n, LimitNOFILE of systemd, ulimits of a container).`;
}

/** Files besides the connections of clients: modules, logs, and connections to Vonage and Redis. */
const otherFiles = 100;

/** The oldest line of Node.js that still gets fixes of security. */
const oldestFixedNode = 22;

/** What the operator should know about the process when it starts, one sentence each. */
export function processWarnings(
  { maxConnections }: { readonly maxConnections: number },
  openFiles = openFilesLimit(),
  nodeVersion = process.versions.node,
): string[] {
  const warnings: string[] = [];
  if (Number.parseInt(nodeVersion, 10) < oldestFixedNode)
    warnings.push(
      `Node.js ${nodeVersion} has had no security fixes since 2026-04-30: use Node.js ${oldestFixedNode} or newer.`,
    );
  if (openFiles !== undefined && openFiles < maxConnections + otherFiles)
    warnings.push(
      `The system allows this process ${openFiles} open files, which are too few for the ${maxConnections} connections of MAX_CONNECTIONS and ${otherFiles} other files: raise the limit (ulimit -n), or lower MAX_CONNECTIONS.`,
    );
  return warnings;
}

/** What the operator should know about limits of billed records that only this process counts; empty without such limits. */
export function dailyLimitWarnings({
  auth,
  vonage,
  redis,
}: Pick<Config, 'auth' | 'vonage' | 'redis'>): string[] {
  const hasOwnLimit =
    auth.mode === 'token' && auth.tokens?.some((token) => token.recordsPerDay !== undefined);
  const limits = [
    ...(auth.callerRecordsPerDay === undefined ? [] : ['CALLER_RECORDS_PER_DAY']),
    ...(hasOwnLimit ? ['recordsPerDay of AUTH_TOKENS_FILE'] : []),
    ...(vonage.recordsPerDay === undefined ? [] : ['MAX_RECORDS_PER_DAY']),
  ];
  if (redis.url || limits.length === 0) return [];
  const cure =
    auth.mode === 'basic'
      ? 'AUTH_MODE=basic shares nothing, so allow for restarts and replicas in the value.'
      : 'Set REDIS_URL to keep and share the count.';
  return [
    `A restart begins the count of ${limits.join(' and ')} anew, and each replica counts alone. ${cure}`,
  ];
}

/** The gateway cannot start, for a reason outside its code. The message is for the operator and needs no stack. */
export class StartError extends Error {}

/** An address to listen on, and the settings that name it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Variable of the host. */
  readonly hostSetting: string;
  /** Variable of the port. */
  readonly portSetting: string;
}

/** Resolves with what `listen` does. Rejects with a StartError that tells in words why the address cannot be used. */
export async function explainListenError<Result>(
  address: ListenAddress,
  listen: () => Promise<Result>,
): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const explain = explanations[code];
    if (!explain) throw error;
    throw new StartError(`${explain(address)} (${code}).`, { cause: error });
  }
}

const unknownHost = ({ host, hostSetting }: ListenAddress) =>
  `${hostSetting} must be an address of this machine or a name of one, got ${JSON.stringify(host)}: no address is known for this name`;

const foreignAddress = ({ host, hostSetting }: ListenAddress) =>
  `${hostSetting} must be an address of this machine, got ${JSON.stringify(host)}: no network interface has it. 0.0.0.0 stands for all of them`;

const explanations: Readonly<Record<string, (address: ListenAddress) => string>> = {
  EADDRINUSE: ({ host, port, portSetting }) =>
    `${portSetting} must be a free port, got ${port}: another process, perhaps another gateway, listens on ${host}:${port}`,
  EACCES: ({ port, portSetting }) =>
    `${portSetting} must be a port that this user may open, got ${port}: most systems keep ports below 1024 for root`,
  EADDRNOTAVAIL: foreignAddress,
  EAFNOSUPPORT: foreignAddress,
  EINVAL: foreignAddress,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
};
