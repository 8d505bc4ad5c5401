/**
 * A burst of 2,000 distinct ids at once, in 100 requests of 20. They need at least 100 calls. Ten calls start at once and
 * ten more every second, so in the ideal case the last ten start after nine seconds. The first burst meets a gateway
 * that has just started and still compiles code and opens connections. Two more bursts of other ids follow.
 * `npm run bench -- burst`
 */
import type { Child } from './support/child.js';
import { fixed, print, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import {
  type Costs,
  costsOf,
  outboundIds,
  startGatewayProcess,
  startSimulator,
  tenFields,
} from './support/stage.js';

const bursts = ['just started', 'in use', 'in use, again'];
const requests = 100;
const idsEach = 20;
const ratePerSecond = 10;
const idealMs = (requests / ratePerSecond - 1) * 1000;
const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { ${tenFields} } idsNotFound } }`;

export async function benchBurst(): Promise<void> {
  const ids = await outboundIds(bursts.length * requests * idsEach);
  await using simulator = await startSimulator(ratePerSecond, ids.length);
  await using gateway = await startGatewayProcess(simulator.url);
  const connections = await Promise.all(
    Array.from({ length: requests }, () => RawConnection.open(gateway.url)),
  );
  const idsOf = (index: number) => ids.slice(index * idsEach, (index + 1) * idsEach);
  const before = await gateway.usage();
  const measured: Measured[] = [];
  for (const burstIndex of bursts.keys()) {
    const bytes = connections.map((_connection, index) =>
      post(`${gateway.url}/graphql`, query, { ids: idsOf(burstIndex * requests + index) }),
    );
    measured.push(await burst(simulator, connections, bytes));
    // The wait frees every token for the next burst.
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  const after = await gateway.usage();
  for (const connection of connections) connection.close();
  report(measured);
  print(
    `gateway: heap ${fixed(before.heapMb)} MB before, ${fixed(after.peakHeapMb)} MB at its peak; ` +
      `resident ${fixed(before.rssMb)} MB before, ${fixed(after.peakRssMb)} MB at its peak; ` +
      `${fixed((after.cpuMs - before.cpuMs) / bursts.length, 0)} ms of CPU a burst`,
  );
}

interface Measured extends Pick<Costs, 'calls' | 'ids' | 'rateLimited'> {
  readonly tookMs: number;
  /** Number of requests with a complete response. */
  readonly complete: number;
}

async function burst(
  simulator: Child,
  connections: readonly RawConnection[],
  bytes: readonly string[],
): Promise<Measured> {
  const before = await costsOf(simulator);
  const startedAt = performance.now();
  const responses = await Promise.all(
    connections.map((connection, index) => connection.request(bytes[index] ?? '')),
  );
  const tookMs = performance.now() - startedAt;
  const after = await costsOf(simulator);
  const isComplete = (body: string) => body.match(/"vonageId"/g)?.length === idsEach;
  return {
    tookMs,
    calls: after.calls - before.calls,
    ids: after.ids - before.ids,
    rateLimited: after.rateLimited - before.rateLimited,
    complete: responses.filter(({ status, body }) => status === 200 && isComplete(body)).length,
  };
}

function report(measured: readonly Measured[]): void {
  const row = (name: string, figure: (each: Measured) => string, ideal: string) => [
    name,
    ...measured.map(figure),
    ideal,
  ];
  printTable(
    ['', ...bursts, 'ideal'],
    [
      row('calls', ({ calls }) => String(calls), String(requests)),
      row('ids a call', ({ calls, ids }) => fixed(ids / calls, 2), String(idsEach)),
      row('requests answered in full', ({ complete }) => String(complete), String(requests)),
      row('429s', ({ rateLimited }) => String(rateLimited), '0'),
      row(
        'seconds until the last response',
        ({ tookMs }) => fixed(tookMs / 1000, 3),
        fixed(idealMs / 1000, 3),
      ),
      row('over the ideal', ({ tookMs }) => `${fixed((tookMs / idealMs - 1) * 100, 2)} %`, ''),
    ],
  );
}
