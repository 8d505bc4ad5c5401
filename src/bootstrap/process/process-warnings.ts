import type { Config } from '../../config/config.js';
import { openFilesLimit } from './open-files.js';

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
