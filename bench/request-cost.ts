/**
 * CPU time of one request for each kind of work, measured in the gateway's process alone: other programs of the machine
 * hardly change it, so that two builds can be compared on a busy machine. `BENCH_BASELINE=path/to/other/dist/main.js`
 * measures another build in turns with this one. `npm run bench -- request-cost`
 */
import { resolve } from 'node:path';
import type { Child } from './support/child.js';
import {
  connectClients,
  disconnectClients,
  leastCpuMs,
  type MeasuredRequest,
  type MeasuredServer,
  requestData,
} from './support/cpu-per-request.js';
import { fixed, print, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import { outboundIds, startGatewayProcess, startSimulator, tenFields } from './support/stage.js';
import { CallersWithTokens } from './support/tenants.js';

const rounds = 8;
const recordCount = 1000;
const callerCount = 1000;
const warmUpRequests = 1500;
/** Rows of each response of the first workloads. */
const idsAtOnce = 20;

interface Workload extends MeasuredRequest {
  readonly env: Readonly<Record<string, string>>;
}

export async function benchRequestCost(): Promise<void> {
  using callers = new CallersWithTokens(callerCount);
  await using simulator = await startSimulator(1_000_000, recordCount);
  const ids = (await outboundIds(recordCount)).slice(0, recordCount);
  const baseline = process.env.BENCH_BASELINE;
  const builds = ['dist/main.js', ...(baseline ? [resolve(baseline)] : [])];
  const rows: string[][] = [];
  for (const workload of workloadsOf(ids, callers)) {
    const costs = await costsIn(builds, workload, simulator.url, ids, callers);
    rows.push([workload.name, ...costs.map((cpuMs) => `${fixed(cpuMs, 3)} ms`)]);
    print(rows.at(-1)?.join('  '));
  }
  print();
  printTable([`least of ${rounds} rounds`, 'CPU a request', ...(baseline ? ['baseline'] : [])], rows);
}

/** The CPU milliseconds of a request in each build. */
async function costsIn(
  builds: readonly string[],
  workload: Workload,
  upstreamUrl: string,
  ids: readonly string[],
  callers: CallersWithTokens,
): Promise<number[]> {
  const servers: Child[] = [];
  const measured: MeasuredServer[] = [];
  try {
    for (const file of builds) {
      const server = await startGatewayProcess(upstreamUrl, workload.env, file);
      servers.push(server);
      await fillCache(server, ids, callers.headersOf(0));
      measured.push(await connectClients(server));
    }
    await leastCpuMs(measured, { ...workload, count: warmUpRequests }, 2);
    return await leastCpuMs(measured, workload, rounds);
  } finally {
    for (const each of measured) disconnectClients(each);
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
}

async function fillCache({ url }: Child, ids: readonly string[], headers: Readonly<Record<string, string>>) {
  const connection = await RawConnection.open(url);
  await requestData(connection, post(`${url}/graphql`, records, { ids }, headers));
  connection.close();
}

const scope = 'product: SMS, direction: OUTBOUND';
const records = `query ($ids: [ID!]!) { records(ids: $ids, ${scope}) { nodes { ${tenFields} } } }`;
const record = `query ($id: ID!) { record(id: $id, ${scope}) { ${tenFields} } }`;

/** Each workload runs against processes of its own. */
function workloadsOf(ids: readonly string[], callers: CallersWithTokens): readonly Workload[] {
  let sent = 0;
  const some = { ids: ids.slice(0, idsAtOnce) };
  // A variable that the operation does not declare changes only the response cache key.
  const send = (query: string, variables: object) => (url: string) =>
    post(`${url}/graphql`, query, { ...variables, request: sent++ });
  const env = { VONAGE_RATE_PER_SECOND: '1000' };
  return [
    { name: 'new request, 20 cached records', env, count: 600, make: send(records, some) },
    {
      name: 'new request, nothing cached',
      env: { ...env, CACHE_MAX_BYTES: '0' },
      count: 400,
      make: send(records, some),
    },
    {
      name: 'one cached record, another each time',
      env,
      count: 1500,
      make: (url) => send(record, { id: ids[sent % ids.length] })(url),
    },
    {
      name: 'repeated request, no credentials',
      env,
      count: 3000,
      make: (url) => post(`${url}/graphql`, records, some),
    },
    {
      name: `repeated requests of ${callerCount} callers with tokens`,
      env: { ...env, ...callers.env, CACHE_MAX_BYTES: '999999999' },
      count: 3000,
      make: (url) => post(`${url}/graphql`, records, some, callers.headersOf(sent++ % callerCount)),
    },
    {
      name: 'new request, 20 cached records, every tenth document new',
      env,
      count: 600,
      make: (url) => send(sent % 10 === 0 ? records.replace('query', `query Q${sent}`) : records, some)(url),
    },
  ];
}
