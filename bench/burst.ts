/**
 * The burst: 2,000 distinct ids at once, in 100 requests of 20. They are 100 calls at the least. Ten leave in the first
 * moment and ten more with every second, so the last ten leave after nine seconds: that is the ideal. `npm run bench -- burst`
 */
import { fixed, print, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import { costsOf, outboundIds, startGatewayProcess, startSimulator, tenFields } from './support/stage.js';

const requests = 100;
const idsEach = 20;
const ratePerSecond = 10;
const warmUps = 300;
const idealMs = (requests / ratePerSecond - 1) * 1000;
const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { ${tenFields} } idsNotFound } }`;

export async function benchBurst(): Promise<void> {
  const ids = await outboundIds(requests * idsEach + idsEach);
  await using simulator = await startSimulator(ratePerSecond, ids.length);
  await using gateway = await startGatewayProcess(simulator.url);
  const bytes = Array.from({ length: requests + 1 }, (_, index) =>
    post(`${gateway.url}/graphql`, query, { ids: ids.slice(index * idsEach, (index + 1) * idsEach) }),
  );
  const connections = await Promise.all(
    Array.from({ length: requests }, () => RawConnection.open(gateway.url)),
  );
  // One call first, and its answer many times over: compiling the code is not taken for the burst. Then its second passes.
  const known = bytes.pop() ?? '';
  for (let round = 0; round < warmUps; round += 1) await connections[0]?.ask(known);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const before = await gateway.usage();
  const costsBefore = await costsOf(simulator);
  const startedAt = performance.now();
  const answers = await Promise.all(
    connections.map((connection, index) => connection.ask(bytes[index] ?? '')),
  );
  const tookMs = performance.now() - startedAt;
  const after = await gateway.usage();
  const costs = await costsOf(simulator);
  for (const connection of connections) connection.close();
  const whole = answers.filter(
    ({ status, body }) => status === 200 && body.match(/"uuid"/g)?.length === idsEach,
  ).length;
  printTable(
    ['', 'measured', 'ideal'],
    [
      ['calls', String(costs.calls - costsBefore.calls), String(requests)],
      [
        'ids a call',
        fixed((costs.ids - costsBefore.ids) / (costs.calls - costsBefore.calls), 2),
        String(idsEach),
      ],
      ['requests answered in full', String(whole), String(requests)],
      ['seconds until the last answer', fixed(tookMs / 1000, 3), fixed(idealMs / 1000, 3)],
      ['429s', String(costs.rateLimited), '0'],
    ],
  );
  print(`time over the ideal: ${fixed((tookMs / idealMs - 1) * 100, 2)} %`);
  print(
    `gateway: heap ${fixed(before.heapMb)} MB before, ${fixed(after.peakHeapMb)} MB at its peak; ` +
      `resident ${fixed(before.rssMb)} MB before, ${fixed(after.peakRssMb)} MB at its peak; ${fixed(after.cpuMs - before.cpuMs, 0)} ms of CPU`,
  );
}
