import { readFile } from 'node:fs/promises';
import { GatewayClient } from './gateway-client.js';
import { planList, runList } from './list.js';
import { planLookup, runLookup } from './lookup.js';
import { type CommandOptions, type Surroundings, UsageError } from './options.js';
import { RecordFields } from './record-fields.js';

/**
 * Runs a command line against a gateway.
 *
 * @returns the exit status
 * @throws UsageError for options that do not fit the environment; RefusedOperation when the gateway does not answer
 */
export async function run(options: CommandOptions, surroundings: Surroundings): Promise<number> {
  const { environment, stderr } = surroundings;
  // Before a gateway starts: a wrong name should not cost the time of a start.
  const fields = new RecordFields(options.fields, options.product);
  const runWith = (client: GatewayClient) => runKind(options, client, fields, surroundings);
  if (options.url !== undefined)
    return runWith(new GatewayClient(options.url, await tokenOf(options, environment)));
  // A run against another gateway loads none of this one, which is most of the memory.
  const { startLocalGateway } = await import('./local-gateway.js');
  await using gateway = await startLocalGateway(environment);
  if (gateway.isSimulated)
    stderr.write('No Vonage credentials are set, so the embedded simulator answers with invented records.\n');
  return await runWith(new GatewayClient(gateway.url, gateway.token));
}

function runKind(
  options: CommandOptions,
  client: GatewayClient,
  fields: RecordFields,
  surroundings: Surroundings,
): Promise<number> {
  if (options.kind === 'list')
    return options.dryRun
      ? planList(options, client, surroundings)
      : runList(options, client, fields, surroundings);
  return options.dryRun
    ? planLookup(options, client, surroundings)
    : runLookup(options, client, fields, surroundings);
}

async function tokenOf({ tokenFile }: CommandOptions, environment: NodeJS.ProcessEnv) {
  if (tokenFile === undefined) return environment.RECORDS_TOKEN || undefined;
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (error) {
    throw new UsageError(
      `--token-file ${tokenFile} cannot be read: ${(error as NodeJS.ErrnoException).code}.`,
    );
  }
}
