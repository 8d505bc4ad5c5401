/**
 * Whether a request costs the same however much the gateway holds: CPU time of one lookup of a cached record, with more and
 * more cached records, callers and API keys. The processes of one group are measured in turns. `npm run bench -- growth`
 */
import { Child } from './support/child.js';
import { connectClients, disconnectClients, leastCpuMs, requestData } from './support/cpu-per-request.js';
import { fixed, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import { startGatewayProcess, tenFields } from './support/stage.js';
import { CallersWithTokens, KeysOfAccounts } from './support/tenants.js';

const rounds = 20;
const requestsInRound = 300;
const idsInRequest = 1000;
const accountsAtMost = 100;
const cacheMaxBytes = 999_999_999;

const query = `query ($id: ID!, $account: ID) { record(id: $id, accountId: $account, product: SMS, direction: OUTBOUND) { ${tenFields} } }`;
const fillQuery =
  'query ($ids: [ID!]!, $account: ID) { records(ids: $ids, accountId: $account, product: SMS, direction: OUTBOUND) { nodes { id } } }';

/** One process, and what its requests ask for in turns. */
interface Size {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ids: readonly string[];
  readonly accounts?: readonly string[];
  headersOf?(request: number): Readonly<Record<string, string>>;
}

export async function benchGrowth(): Promise<void> {
  const ids = Array.from({ length: 100_000 }, (_none, index) =>
    index.toString(16).toUpperCase().padStart(16, '0'),
  );
  await reportGroup(
    'cached records',
    [1, 10, 1000, 100_000].map((count) => ({ name: String(count), ids: ids.slice(0, count) })),
  );
  const some = ids.slice(0, 100);
  using one = new CallersWithTokens(1);
  using many = new CallersWithTokens(1000);
  await reportGroup(
    'callers',
    [one, many].map((callers) => ({
      name: String(callers.count),
      ids: some,
      env: callers.env,
      headersOf: (request) => callers.headersOf(request % callers.count),
    })),
  );
  using keys = new KeysOfAccounts(accountsAtMost);
  await reportGroup(
    'API keys',
    [1, accountsAtMost].map((count) => ({
      name: String(count),
      ids: some,
      env: keys.env,
      accounts: keys.accounts.slice(0, count),
    })),
  );
}

async function reportGroup(what: string, sizes: readonly Size[]): Promise<void> {
  await using upstream = await Child.start({ file: 'bench/servers/rows-of-ids.js' });
  const servers: Child[] = [];
  try {
    const requests = new Map<string, () => string>();
    for (const size of sizes) {
      const env = { VONAGE_RATE_PER_SECOND: '1000', CACHE_MAX_BYTES: String(cacheMaxBytes), ...size.env };
      const server = await startGatewayProcess(upstream.url, env);
      servers.push(server);
      await fill(server, size);
      requests.set(server.url, requestsOf(server.url, size));
    }
    const measured = await Promise.all(servers.map(connectClients));
    const request = { name: what, make: (url: string) => requests.get(url)?.() ?? '' };
    await leastCpuMs(measured, { ...request, count: 2000 }, 2);
    const costs = await leastCpuMs(measured, { ...request, count: requestsInRound }, rounds);
    for (const each of measured) disconnectClients(each);
    const [first = Number.NaN] = costs;
    printTable(
      [what, 'CPU a request', 'relative'],
      costs.map((cpuMs, index) => [
        sizes[index]?.name ?? '',
        `${fixed(cpuMs, 3)} ms`,
        fixed(cpuMs / first, 2),
      ]),
    );
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
}

/** The requests of one process: each is new, so that the response cache answers none. */
function requestsOf(url: string, { ids, accounts = [], headersOf }: Size): () => string {
  let sent = 0;
  return () => {
    sent += 1;
    const variables = {
      id: ids[sent % ids.length],
      account: accounts[sent % accounts.length],
      request: sent,
    };
    return post(`${url}/graphql`, query, variables, headersOf?.(sent));
  };
}

/** Lets the gateway look every record up once. */
async function fill({ url }: Child, { ids, accounts, headersOf }: Size): Promise<void> {
  const connection = await RawConnection.open(url);
  for (const account of accounts ?? [null])
    for (let start = 0; start < ids.length; start += idsInRequest) {
      const variables = { ids: ids.slice(start, start + idsInRequest), account };
      await requestData(connection, post(`${url}/graphql`, fillQuery, variables, headersOf?.(0)));
    }
  connection.close();
}
