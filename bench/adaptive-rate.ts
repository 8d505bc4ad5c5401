/**
 * Limits that the gateway cannot know: 200 clients look up one record each, without pause, while Vonage allows no burst,
 * or while another program uses half of the rate. `npm run bench -- adaptive-rate`
 */
import { closedLoop } from './support/closed-loop.js';
import { fixed, printTable } from './support/print.js';
import { post } from './support/raw-connection.js';
import {
  costsOf,
  outboundIds,
  type SimulatorExtras,
  startGatewayProcess,
  startSimulator,
  tenFields,
} from './support/stage.js';

const ratePerSecond = 10;
const idsPerCall = 20;
const warmUpMs = 5000;
const measuredMs = 60_000;
const events = (ratePerSecond * idsPerCall * (warmUpMs + measuredMs)) / 1000 + 1000;
const query = `query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { ${tenFields} } }`;

interface Subject {
  readonly name: string;
  readonly extras: SimulatorExtras;
  /** Calls a second that Vonage leaves to the gateway. */
  readonly available: number;
}

const subjects: readonly Subject[] = [
  { name: 'ten calls a second', extras: {}, available: 10 },
  { name: 'ten calls a second, 100 ms apart', extras: { minGapMs: 100 }, available: 10 },
  { name: 'another program makes five a second', extras: { otherCallsPerSecond: 5 }, available: 5 },
];

export async function benchAdaptiveRate(): Promise<void> {
  const ids = await outboundIds(events);
  const rows: string[][] = [];
  for (const subject of subjects) rows.push(await measure(ids, subject));
  printTable(
    ['Vonage allows', 'lookups/s', 'of the possible', 'failed before', 'failed after 5 s', '429s'],
    rows,
  );
}

async function measure(ids: readonly string[], { name, extras, available }: Subject): Promise<string[]> {
  await using simulator = await startSimulator(ratePerSecond, events, { ...extras, responseMs: 50 });
  await using gateway = await startGatewayProcess(simulator.url);
  const remaining = ids.values();
  const startedAtMs = performance.now();
  const failuresMs: number[] = [];
  const { perSecond } = await closedLoop({
    ...{ url: gateway.url, clients: 200, warmUpMs, measuredMs, expected: '"vonageId":"' },
    next: () => {
      const { value: id, done } = remaining.next();
      return done ? undefined : post(`${gateway.url}/graphql`, query, { id });
    },
    onFailure: () => void failuresMs.push(performance.now() - startedAtMs),
  });
  const early = failuresMs.filter((atMs) => atMs < warmUpMs).length;
  const { rateLimited } = await costsOf(simulator);
  const share = (perSecond / (available * idsPerCall)) * 100;
  const failures = [early, failuresMs.length - early, rateLimited].map(String);
  return [name, fixed(perSecond), `${fixed(share)} %`, ...failures];
}
