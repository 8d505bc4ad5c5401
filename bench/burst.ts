/**
 * The burst: 2,000 distinct ids at once, in 100 requests of 20. They are 100 calls at the least. Ten leave in the first
 * moment and ten more with every second, so the last ten leave after nine seconds: that is the ideal. One burst meets a
 * gateway that has just started, with code to compile and connections to make; two more meet one that is in use, with
 * other ids. `npm run bench -- burst`
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
  for (const turn of bursts.keys()) {
    const asked = connections.map((_connection, index) =>
      post(`${gateway.url}/graphql`, query, { ids: idsOf(turn * requests + index) }),
    );
    measured.push(await burst(simulator, connections, asked));
    // The next burst finds every token free.
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  const setTimer = await gateway.usage();
  for (const connection of connections) connection.close();
  report(measured);
  print(
    `gateway: heap ${fixed(before.heapMb)} MB before, ${fixed(setTimer.peakHeapMb)} MB at its peak; ` +
      `resident ${fixed(before.rssMb)} MB before, ${fixed(setTimer.peakRssMb)} MB at its peak; ` +
      `${fixed((setTimer.cpuMs - before.cpuMs) / bursts.length, 0)} ms of CPU a burst`,
  );
}

interface Measured extends Pick<Costs, 'calls' | 'ids' | 'rateLimited'> {
  readonly tookMs: number;
  /** Requests that were answered in full. */
  readonly whole: number;
}

async function burst(
  simulator: Child,
  connections: readonly RawConnection[],
  asked: readonly string[],
): Promise<Measured> {
  const before = await costsOf(simulator);
  const startedAt = performance.now();
  const answers = await Promise.all(
    connections.map((connection, index) => connection.ask(asked[index] ?? '')),
  );
  const tookMs = performance.now() - startedAt;
  const setTimer = await costsOf(simulator);
  const isWhole = (body: string) => body.match(/"vonageId"/g)?.length === idsEach;
  return {
    tookMs,
    calls: setTimer.calls - before.calls,
    ids: setTimer.ids - before.ids,
    rateLimited: setTimer.rateLimited - before.rateLimited,
    whole: answers.filter(({ status, body }) => status === 200 && isWhole(body)).length,
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
      row('requests answered in full', ({ whole }) => String(whole), String(requests)),
      row('429s', ({ rateLimited }) => String(rateLimited), '0'),
      row('seconds until the last answer', ({ tookMs }) => fixed(tookMs / 1000, 3), fixed(idealMs / 1000, 3)),
      row('over the ideal', ({ tookMs }) => `${fixed((tookMs / idealMs - 1) * 100, 2)} %`, ''),
    ],
  );
}
