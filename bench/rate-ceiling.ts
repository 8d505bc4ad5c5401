/**
 * Ceiling of the rate: 200 clients look up one record each, without pause, and never the same id twice. Vonage allows
 * ten calls a second of twenty ids, so 200 lookups a second are the maximum. The same run measures the same schema and
 * client with a DataLoader per request. `npm run bench -- rate-ceiling`
 */

import { Child } from './support/child.js';
import { closedLoop, type LoopResult } from './support/closed-loop.js';
import { fixed, print, printTable } from './support/print.js';
import { post } from './support/raw-connection.js';
import {
  type Costs,
  costsOf,
  outboundIds,
  startGatewayProcess,
  startSimulator,
  tenFields,
} from './support/stage.js';

const clients = 200;
const events = 10_000;
const ratePerSecond = 10;
const maxLookupsPerSecond = 20 * ratePerSecond;
const query = `query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { ${tenFields} } }`;

export async function benchRateCeiling(): Promise<void> {
  const ids = await outboundIds(events);
  const engine = await measure(ids, 30_000, (simulator) => startGatewayProcess(simulator.url));
  const plain = await measure(ids, 20_000, async (simulator) => {
    return Child.start({
      file: 'bench/servers/plain-loader.ts',
      args: [simulator.url, String(ratePerSecond)],
    });
  });
  printTable(
    ['', 'lookups/s', 'of 200', 'ids/call', '429s', 'median', 'p99'],
    [row('this gateway', engine), row('a DataLoader per request', plain)],
  );
  print(
    `the gateway answers ${fixed(engine.perSecond / plain.perSecond)} times as many lookups with the same calls`,
  );
}

type Measured = LoopResult & Costs;

async function measure(
  ids: readonly string[],
  measuredMs: number,
  start: (simulator: Child) => Promise<Child>,
): Promise<Measured> {
  await using simulator = await startSimulator(ratePerSecond, events);
  await using server = await start(simulator);
  const remaining = ids.values();
  const next = () => {
    const { value: id, done } = remaining.next();
    return done ? undefined : post(`${server.url}/graphql`, query, { id });
  };
  const result = await closedLoop({
    url: server.url,
    clients,
    warmUpMs: 4000,
    measuredMs,
    next,
    expected: '"vonageId":"',
  });
  return { ...result, ...(await costsOf(simulator)) };
}

function row(name: string, { perSecond, calls, ids, rateLimited, medianMs, p99Ms }: Measured): string[] {
  return [
    name,
    fixed(perSecond),
    `${fixed((perSecond / maxLookupsPerSecond) * 100)} %`,
    fixed(ids / calls, 2),
    String(rateLimited),
    `${fixed(medianMs, 0)} ms`,
    `${fixed(p99Ms, 0)} ms`,
  ];
}
