/**
 * Overload: 2,000 idle keep-alive connections, 200 that send their headers a byte a second, and 5,000 callers of one
 * tenant that look up a record each at the same moment. Vonage allows one call a second. Meanwhile another process
 * requests `/livez`, `/readyz` and the records of a second tenant. `npm run bench -- overload`
 */
import type { Child, Usage } from './support/child.js';
import { spreadOf } from './support/closed-loop.js';
import { type ClientOutcome, ConcurrentClients } from './support/concurrent-clients.js';
import { LatencyProbe, type ProbeReport, type ProbeTally } from './support/latency-probe.js';
import { openFilesLimit } from './support/open-files-limit.js';
import { fixed, print, printTable } from './support/print.js';
import { get, post, RawConnection } from './support/raw-connection.js';
import { SlowSockets } from './support/slow-sockets.js';
import { type Costs, costsOf, outboundIds, startGatewayProcess, startSimulator } from './support/stage.js';
import { Tenants } from './support/tenants.js';

const ratePerSecond = 1;
/** Approximate duration of a call to Vonage. */
const responseMs = 200;
const warmUps = 500;
const unloadedMs = 3000;
const query =
  'query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { vonageId totalPrice } }';

/** Number of connections of each kind. */
interface ConnectionCounts {
  readonly idle: number;
  readonly slow: number;
  readonly queued: number;
}

interface Stage {
  readonly connections: ConnectionCounts;
  readonly tenants: Tenants;
  readonly ids: readonly string[];
  readonly gateway: Child;
  readonly probe: LatencyProbe;
}

/** Measurements of one phase. */
interface Phase {
  readonly usage: Usage;
  readonly probes: ProbeReport;
}

interface OverloadPhase extends Phase {
  readonly outcomes: readonly ClientOutcome[];
  /** Slow connections that the gateway closed with 408. */
  readonly slowClosed: number;
  /** Idle connections that are still open at the end. */
  readonly idleOpen: number;
}

export async function benchOverload(): Promise<void> {
  const connections = withinOpenFilesLimit({ idle: 2000, slow: 200, queued: 5000 });
  const ids = await outboundIds(connections.queued + 1);
  using tenants = new Tenants();
  await using simulator = await startSimulator(ratePerSecond, ids.length, {
    tenants: [tenants.b],
    responseMs,
  });
  await using gateway = await startGatewayProcess(simulator.url, {
    ...tenants.env,
    VONAGE_RATE_PER_SECOND: String(ratePerSecond),
  });
  await using probe = await LatencyProbe.start({
    url: gateway.url,
    everyMs: 250,
    lookups: ids.slice(0, 200).map((id) => JSON.stringify({ query, variables: { id } })),
    headers: tenants.b.headers,
  });
  const stage = { connections, tenants, ids, gateway, probe };
  await warmUp(stage);
  const before = await measureUnloaded(stage);
  const during = await measureOverload(stage);
  const after = await measureUnloaded(stage);
  report(connections, { before, during, after });
  reportEnd(await queueMs(stage), await costsOf(simulator));
}

/** A connection needs a file descriptor in each process. Where the limit is too low, all counts shrink by one factor. */
function withinOpenFilesLimit(wanted: ConnectionCounts): ConnectionCounts {
  const spare = 200;
  const share = Math.min(1, (openFilesLimit() - spare) / (wanted.idle + wanted.slow + wanted.queued));
  if (share === 1) return wanted;
  print(
    `this machine allows too few open files: the benchmark opens only ${fixed(100 * share)} % of the connections`,
  );
  const part = (count: number) => Math.floor(count * share);
  return { idle: part(wanted.idle), slow: part(wanted.slow), queued: part(wanted.queued) };
}

/** Looks up one record many times, so that the overload does not measure the compilation of the code. */
async function warmUp({ gateway, tenants, ids }: Stage): Promise<void> {
  const connection = await RawConnection.open(gateway.url);
  for (let request = 0; request < warmUps; request += 1) {
    // A variable that the operation does not declare changes the response cache key.
    const variables = { id: ids.at(-1), request };
    const { status, body } = await connection.request(
      post(`${gateway.url}/graphql`, query, variables, tenants.a.headers),
    );
    if (status !== 200) throw new Error(`The gateway answered ${status} before the overload: ${body}`);
  }
  connection.close();
}

/** Measures the gateway while only the probe sends requests. */
async function measureUnloaded({ gateway, probe }: Stage): Promise<Phase> {
  await probe.report();
  await gateway.usageCollected();
  await new Promise((resolve) => setTimeout(resolve, unloadedMs));
  const { stalledMs } = await gateway.usage();
  return { usage: { ...(await gateway.usageCollected()), stalledMs }, probes: await probe.report() };
}

async function measureOverload({ connections, tenants, ids, gateway, probe }: Stage): Promise<OverloadPhase> {
  const url = `${gateway.url}/graphql`;
  using idle = await ConcurrentClients.connect(gateway.url, connections.idle);
  await idle.request(() => get(`${gateway.url}/livez`));
  using slow = await SlowSockets.open(gateway.url, connections.slow);
  using queued = await ConcurrentClients.connect(gateway.url, connections.queued);
  const outcomes = await queued.request((client) => post(url, query, { id: ids[client] }, tenants.a.headers));
  return {
    outcomes,
    slowClosed: slow.closedCount,
    idleOpen: idle.openCount,
    usage: await gateway.usage(),
    probes: await probe.report(),
  };
}

/** Estimated wait of one more id of tenant A. It is at most a second once the queue is empty. */
async function queueMs({ gateway, tenants, ids }: Stage): Promise<number> {
  const connection = await RawConnection.open(gateway.url);
  const headers = { ...tenants.a.headers, 'x-dry-run': '1' };
  const { body } = await connection.request(
    post(`${gateway.url}/graphql`, query, { id: ids.at(-2) }, headers),
  );
  connection.close();
  return Number(/"waitMs":(\d+)/.exec(body)?.[1]);
}

interface Phases {
  readonly before: Phase;
  readonly during: OverloadPhase;
  readonly after: Phase;
}

function report({ idle, slow }: ConnectionCounts, { before, during, after }: Phases): void {
  const phases = [before, during, after];
  const all = (cell: (phase: Phase) => string) => phases.map(cell);
  printTable(
    ['', 'before', 'during', 'after'],
    [
      [
        'resident memory, at its peak during the overload',
        ...phases.map(({ usage }) => mb(usage === during.usage ? usage.peakRssMb : usage.rssMb)),
      ],
      [
        'heap, at its peak during the overload',
        ...phases.map(({ usage }) => mb(usage === during.usage ? usage.peakHeapMb : usage.heapMb)),
      ],
      ['sockets of the gateway', ...all(({ usage }) => String(usage.sockets))],
      ['longest stall of the event loop', ...all(({ usage }) => ms(usage.stalledMs))],
      ['/livez answered', ...all(({ probes }) => responded(probes.livez))],
      ['  p99 and worst latency', ...all(({ probes }) => worst(probes.livez))],
      ['/readyz answered', ...all(({ probes }) => responded(probes.readyz))],
      ["tenant B's lookups answered", ...all(({ probes }) => responded(probes.lookups))],
      ['  median', ...all(({ probes }) => ms(spreadOf([...probes.lookups.latenciesMs]).medianMs))],
      ['slow connections closed with 408', '', `${during.slowClosed} of ${slow}`, ''],
      ['idle connections still open', '', `${during.idleOpen} of ${idle}`, ''],
    ],
  );
  print();
  reportOutcomes(during.outcomes);
  for (const error of Object.values(during.probes).flatMap(({ errors }: ProbeTally) => errors.slice(0, 3)))
    print(`not answered: ${error}`);
}

function reportOutcomes(outcomes: readonly ClientOutcome[]): void {
  const kinds = new Map<string, ClientOutcome[]>();
  for (const each of outcomes) {
    const kind = kinds.get(kindOf(each)) ?? [];
    kinds.set(kindOf(each), kind);
    kind.push(each);
  }
  printTable(
    ["tenant A's lookups", 'number', 'median', 'last after'],
    [...kinds].map(([kind, all]) => {
      const { medianMs } = spreadOf(all.map(({ tookMs }) => tookMs));
      return [kind, String(all.length), ms(medianMs), ms(Math.max(...all.map(({ tookMs }) => tookMs)))];
    }),
  );
}

function kindOf({ status, body }: ClientOutcome): string {
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  if (status === 200 && code === undefined && body.includes('"vonageId":"')) return 'answered';
  const advice = /"retryAfterMs":\d/.test(body) ? ' with retryAfterMs' : '';
  return code === undefined ? `status ${status}` : `${status} ${code}${advice}`;
}

function reportEnd(waitMs: number, { calls, ids, rateLimited }: Costs): void {
  print(`one more lookup of tenant A would wait ${ms(waitMs)}`);
  print(`${calls} calls for ${ids} ids in all; Vonage rejected ${rateLimited} with 429`);
}

function responded({ responded, requested }: ProbeTally): string {
  return `${responded} of ${requested}`;
}

function worst({ latenciesMs }: ProbeTally): string {
  return `${fixed(spreadOf([...latenciesMs]).p99Ms, 0)} and ${ms(Math.max(...latenciesMs))}`;
}

function mb(value: number): string {
  return `${fixed(value)} MB`;
}

function ms(value: number): string {
  return `${fixed(value, 0)} ms`;
}
