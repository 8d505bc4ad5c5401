/**
 * The siege: 2,000 idle kept-alive sockets, 200 that send their headers a byte a second, and 5,000 callers of one tenant
 * who ask for a record each in the same moment, with Vonage at one call a second. Meanwhile a bystander asks whether the
 * gateway lives and is ready, and another tenant asks for its records. `npm run bench -- siege`
 */
import { type Book, Bystander, type Tally } from './support/bystander.js';
import type { Child, Usage } from './support/child.js';
import { spreadOf } from './support/closed-loop.js';
import { Crowd, type CrowdOutcome } from './support/concurrent-clients.js';
import { openFilesLimit } from './support/open-files-limit.js';
import { fixed, print, printTable } from './support/print.js';
import { get, post, RawConnection } from './support/raw-connection.js';
import { SlowSockets } from './support/slow-sockets.js';
import { type Costs, costsOf, outboundIds, startGatewayProcess, startSimulator } from './support/stage.js';
import { Tenants } from './support/tenants.js';

const ratePerSecond = 1;
/** About what a call to Vonage takes. */
const answerMs = 200;
const warmUps = 500;
const peaceMs = 3000;
const query =
  'query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { vonageId totalPrice } }';

/** How many of each stand before the gateway. */
interface Besiegers {
  readonly idle: number;
  readonly slow: number;
  readonly queued: number;
}

interface Stage {
  readonly besiegers: Besiegers;
  readonly tenants: Tenants;
  readonly ids: readonly string[];
  readonly gateway: Child;
  readonly bystander: Bystander;
}

/** What was seen in one time. */
interface Time {
  readonly usage: Usage;
  readonly book: Book;
}

interface Siege extends Time {
  readonly outcomes: readonly CrowdOutcome[];
  readonly slowCut: number;
  readonly idleKept: number;
}

export async function benchSiege(): Promise<void> {
  const besiegers = asManyAsFit({ idle: 2000, slow: 200, queued: 5000 });
  const ids = await outboundIds(besiegers.queued + 1);
  using tenants = new Tenants();
  await using simulator = await startSimulator(ratePerSecond, ids.length, { tenants: [tenants.b], answerMs });
  await using gateway = await startGatewayProcess(simulator.url, {
    ...tenants.env,
    VONAGE_RATE_PER_SECOND: String(ratePerSecond),
  });
  await using bystander = await Bystander.start({
    url: gateway.url,
    everyMs: 250,
    lookups: ids.slice(0, 200).map((id) => JSON.stringify({ query, variables: { id } })),
    headers: tenants.b.headers,
  });
  const stage = { besiegers, tenants, ids, gateway, bystander };
  await warmUp(stage);
  const before = await peace(stage);
  const siege = await besiege(stage);
  const setTimer = await peace(stage);
  report(besiegers, { before, siege, setTimer });
  reportEnd(await queueMs(stage), await costsOf(simulator));
}

/** Each besieger takes a file descriptor here and one of the gateway; where there are too few, all become fewer alike. */
function asManyAsFit(wanted: Besiegers): Besiegers {
  const spare = 200;
  const share = Math.min(1, (openFilesLimit() - spare) / (wanted.idle + wanted.slow + wanted.queued));
  if (share === 1) return wanted;
  print(
    `this machine allows too few open files for all besiegers: only ${fixed(100 * share)} % of them come`,
  );
  const part = (count: number) => Math.floor(count * share);
  return { idle: part(wanted.idle), slow: part(wanted.slow), queued: part(wanted.queued) };
}

/** One call, and its record many times over: compiling the code is not taken for the siege. */
async function warmUp({ gateway, tenants, ids }: Stage): Promise<void> {
  const connection = await RawConnection.open(gateway.url);
  for (let turn = 0; turn < warmUps; turn += 1) {
    // A variable that the operation does not declare makes it another question.
    const variables = { id: ids.at(-1), turn };
    const { status, body } = await connection.ask(
      post(`${gateway.url}/graphql`, query, variables, tenants.a.headers),
    );
    if (status !== 200) throw new Error(`The gateway answered ${status} before the siege: ${body}`);
  }
  connection.close();
}

/** What is seen while nobody besieges the gateway. */
async function peace({ gateway, bystander }: Stage): Promise<Time> {
  await bystander.report();
  await gateway.usageCollected();
  await new Promise((resolve) => setTimeout(resolve, peaceMs));
  const { stalledMs } = await gateway.usage();
  return { usage: { ...(await gateway.usageCollected()), stalledMs }, book: await bystander.report() };
}

async function besiege({ besiegers, tenants, ids, gateway, bystander }: Stage): Promise<Siege> {
  const url = `${gateway.url}/graphql`;
  using idle = await Crowd.gather(gateway.url, besiegers.idle);
  await idle.ask(() => get(`${gateway.url}/livez`));
  using slow = await SlowSockets.open(gateway.url, besiegers.slow);
  using queued = await Crowd.gather(gateway.url, besiegers.queued);
  const outcomes = await queued.ask((caller) => post(url, query, { id: ids[caller] }, tenants.a.headers));
  return {
    outcomes,
    slowCut: slow.cut,
    idleKept: idle.present,
    usage: await gateway.usage(),
    book: await bystander.report(),
  };
}

/** Milliseconds that a further id of tenant A would wait: not more than a second once nobody waits before it. */
async function queueMs({ gateway, tenants, ids }: Stage): Promise<number> {
  const connection = await RawConnection.open(gateway.url);
  const headers = { ...tenants.a.headers, 'x-dry-run': '1' };
  const { body } = await connection.ask(post(`${gateway.url}/graphql`, query, { id: ids.at(-2) }, headers));
  connection.close();
  return Number(/"waitMs":(\d+)/.exec(body)?.[1]);
}

interface Times {
  readonly before: Time;
  readonly siege: Siege;
  readonly setTimer: Time;
}

function report({ idle, slow }: Besiegers, { before, siege, setTimer }: Times): void {
  const times = [before, siege, setTimer];
  const all = (cell: (time: Time) => string) => times.map(cell);
  printTable(
    ['', 'before', 'during', 'after'],
    [
      [
        'resident, at its peak during',
        ...times.map(({ usage }) => mb(usage === siege.usage ? usage.peakRssMb : usage.rssMb)),
      ],
      [
        'heap, at its peak during',
        ...times.map(({ usage }) => mb(usage === siege.usage ? usage.peakHeapMb : usage.heapMb)),
      ],
      ['sockets of the gateway', ...all(({ usage }) => String(usage.sockets))],
      ['longest stall of its event loop', ...all(({ usage }) => ms(usage.stalledMs))],
      ['/livez answered', ...all(({ book }) => responded(book.livez))],
      ['  p99, and the worst', ...all(({ book }) => worst(book.livez))],
      ['/readyz answered', ...all(({ book }) => responded(book.readyz))],
      ["tenant B's look-ups answered", ...all(({ book }) => responded(book.lookups))],
      ['  median', ...all(({ book }) => ms(spreadOf([...book.lookups.latenciesMs]).medianMs))],
      ['slow sockets cut with 408', '', `${siege.slowCut} of ${slow}`, ''],
      ['idle sockets kept', '', `${siege.idleKept} of ${idle}`, ''],
    ],
  );
  print();
  reportOutcomes(siege.outcomes);
  for (const fault of Object.values(siege.book).flatMap(({ faults }: Tally) => faults.slice(0, 3)))
    print(`not answered: ${fault}`);
}

function reportOutcomes(outcomes: readonly CrowdOutcome[]): void {
  const kinds = new Map<string, CrowdOutcome[]>();
  for (const each of outcomes) {
    const kind = kinds.get(kindOf(each)) ?? [];
    kinds.set(kindOf(each), kind);
    kind.push(each);
  }
  printTable(
    ["tenant A's look-ups", '', 'median', 'the last after'],
    [...kinds].map(([kind, all]) => {
      const { medianMs } = spreadOf(all.map(({ tookMs }) => tookMs));
      return [kind, String(all.length), ms(medianMs), ms(Math.max(...all.map(({ tookMs }) => tookMs)))];
    }),
  );
}

function kindOf({ status, body }: CrowdOutcome): string {
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  if (status === 200 && code === undefined && body.includes('"vonageId":"')) return 'answered';
  const advice = /"retryAfterMs":\d/.test(body) ? ' with retryAfterMs' : '';
  return code === undefined ? `status ${status}` : `${status} ${code}${advice}`;
}

function reportEnd(waitMs: number, { calls, ids, rateLimited }: Costs): void {
  print(`a further look-up of tenant A would wait ${ms(waitMs)}`);
  print(`${calls} calls for ${ids} ids in all, of which ${rateLimited} were refused with 429`);
}

function responded({ responded, asked }: Tally): string {
  return `${responded} of ${asked}`;
}

function worst({ latenciesMs }: Tally): string {
  return `${fixed(spreadOf([...latenciesMs]).p99Ms, 0)} and ${ms(Math.max(...latenciesMs))}`;
}

function mb(value: number): string {
  return `${fixed(value)} MB`;
}

function ms(value: number): string {
  return `${fixed(value, 0)} ms`;
}
