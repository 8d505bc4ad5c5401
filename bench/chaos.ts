/**
 * Chaos: 100 clients look up one record each, without pause and never the same id twice, while Vonage fails in many ways.
 * Prints what was sent, right, wrong, refused, lost and billed twice. `npm run bench -- chaos`
 */
import { fixed, print, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import {
  costsOf,
  outboundIds,
  type SimulatorExtras,
  startGatewayProcess,
  startSimulator,
} from './support/stage.js';

const ratePerSecond = 10;
const clients = 100;
const measuredMs = 20_000;
/** Twice as many ids as the rate allows to look up. */
const events = (2 * ratePerSecond * 20 * measuredMs) / 1000;
/** A response that takes longer is lost: an operation has 30 s. */
const lostAfterMs = 40_000;
const query = 'query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { vonageId } }';

/** How lookups ended, by the number of each. */
interface Tally {
  sent: number;
  right: number;
  /** Another record, or none, for an id that has one. */
  wrong: number;
  refused: number;
  /** No response. */
  lost: number;
  readonly codes: Map<string, number>;
}

interface Scenario {
  readonly name: string;
  readonly extras: SimulatorExtras;
  /** Ids that a client of its own looks up again and again. */
  readonly badIds?: readonly string[];
}

export async function benchChaos(): Promise<void> {
  const ids = await outboundIds(events);
  const [bad = '', ...good] = ids;
  const scenarios: readonly Scenario[] = [
    { name: 'no faults', extras: {} },
    { name: 'every tenth call fails', extras: { faultShare: 0.1 } },
    { name: 'every third call fails', extras: { faultShare: 0.33 } },
    { name: 'one id gets 500', extras: { failingIds: { [bad]: 'status' } }, badIds: [bad] },
    { name: 'one id gets a reset', extras: { failingIds: { [bad]: 'reset' } }, badIds: [bad] },
    { name: 'one id is cut', extras: { failingIds: { [bad]: 'truncated' } }, badIds: [bad] },
  ];
  const header = ['Vonage', 'sent', 'right', 'wrong', 'refused', 'lost', 'billed twice', 'calls', 'ids/call'];
  const rows: string[][] = [];
  const codes: string[] = [];
  for (const scenario of scenarios) {
    const { row, tally } = await run(good, scenario);
    rows.push(row);
    codes.push(`${scenario.name}: ${[...tally.codes].map((each) => each.join(' ')).join(', ') || 'none'}`);
  }
  printTable(header, rows);
  print('\nrefused lookups by code');
  for (const line of codes) print(line);
}

async function run(good: readonly string[], { name, extras, badIds = [] }: Scenario) {
  await using simulator = await startSimulator(ratePerSecond, events, { ...extras, responseMs: 50 });
  await using gateway = await startGatewayProcess(simulator.url);
  const tally: Tally = { sent: 0, right: 0, wrong: 0, refused: 0, lost: 0, codes: new Map() };
  const untilMs = performance.now() + measuredMs;
  const remaining = good.values();
  const polls = badIds.map((id) => client(gateway.url, untilMs, () => id, undefined));
  const loops = Array.from({ length: clients }, () =>
    client(gateway.url, untilMs, () => remaining.next().value, tally),
  );
  await Promise.all([...loops, ...polls]);
  const { calls, ids, idsBilledTwice } = await costsOf(simulator);
  const { sent, right, wrong, refused, lost } = tally;
  const counts = [sent, right, wrong, refused, lost, idsBilledTwice, calls].map(String);
  return { row: [name, ...counts, fixed(ids / calls)], tally };
}

/** Looks ids up one after the other, and counts how each lookup ends; without a tally it only takes part. */
async function client(
  url: string,
  untilMs: number,
  next: () => string | undefined,
  tally: Tally | undefined,
): Promise<void> {
  let connection = await RawConnection.open(url);
  for (let id = next(); id !== undefined && performance.now() < untilMs; id = next()) {
    const body = await bodyOf(connection, post(`${url}/graphql`, query, { id }));
    if (tally) count(tally, id, body);
    if (body !== undefined) continue;
    connection.close();
    connection = await RawConnection.open(url);
  }
  connection.close();
}

/** Undefined where no response comes. */
async function bodyOf(connection: RawConnection, request: string): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, lostAfterMs, undefined);
  });
  const response = connection.request(request).then(
    ({ body }) => body,
    () => undefined,
  );
  const body = await Promise.race([response, late]);
  clearTimeout(timer);
  return body;
}

function count(tally: Tally, id: string, body: string | undefined): void {
  tally.sent += 1;
  const [, code] = /"code":"(\w+)"/.exec(body ?? '') ?? [];
  if (body === undefined) tally.lost += 1;
  else if (code !== undefined) {
    tally.refused += 1;
    tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);
  } else if (body.includes(`"vonageId":"${id}"`)) tally.right += 1;
  else tally.wrong += 1;
}
