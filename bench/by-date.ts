/**
 * Lists by date: rows a second of the 10,000 that ten pages a second allow, CPU and memory of a million rows, and what
 * lookups keep of the rate and of their latency meanwhile. Clients read lists from page to page without pause.
 * `npm run bench -- by-date`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './support/child.js';
import { closedLoop, spreadOf } from './support/closed-loop.js';
import { LatencyProbe } from './support/latency-probe.js';
import { fixed, print, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import { startGatewayProcess, tenFields } from './support/stage.js';

/** Calls that the server of the pages got. */
export interface PageCosts {
  pages: number;
  lookups: number;
  rateLimited: number;
}

const rowsOfPage = 1000;
const ratePerSecond = 10;
const maxRowsPerSecond = rowsOfPage * ratePerSecond;
const manyLists = 8;
const list = `query ($since: DateTime!, $after: String) {
  recordsByDate(product: SMS, direction: OUTBOUND, since: $since, until: "2026-01-20T00:00:00Z", first: 1000, after: $after) {
    nodes { ${tenFields} }
    pageInfo { endCursor }
  }
}`;
const lookup = `query ($id: ID!) { record(id: $id, product: SMS, direction: OUTBOUND) { ${tenFields} } }`;

export async function benchByDate(): Promise<void> {
  await reportRates();
  print();
  await reportMemory();
  print();
  await reportLookups();
}

/** How fast lists are read, by the duration of Vonage's responses and the number of lists. */
async function reportRates(): Promise<void> {
  const table: string[][] = [];
  for (const responseMs of [0, 50, 500]) {
    await using stage = await Stage.start({ responseMs });
    for (const lists of [1, manyLists]) {
      using readers = await ListReaders.start(stage.gateway.url, lists);
      await sleep(2000);
      const { rowsPerSecond, cpuMs } = await measured(stage, readers, 5000);
      table.push([
        `${lists} ${lists === 1 ? 'list' : 'lists at once'}, responses in ${responseMs} ms`,
        fixed(rowsPerSecond, 0),
        `${fixed((rowsPerSecond / maxRowsPerSecond) * 100)} %`,
        `${fixed(cpuMs * 1000, 0)} µs`,
        String((await stage.costs()).rateLimited),
      ]);
    }
  }
  printTable(['', 'rows/s', 'of 10,000', 'CPU a row', '429s'], table);
}

/** Rows a second, and milliseconds of CPU a row. */
async function measured({ gateway }: Stage, readers: ListReaders, forMs: number) {
  const before = { rows: readers.rows, cpuMs: (await gateway.usage()).cpuMs, atMs: performance.now() };
  await sleep(forMs);
  const rows = readers.rows - before.rows;
  const seconds = (performance.now() - before.atMs) / 1000;
  return { rowsPerSecond: rows / seconds, cpuMs: ((await gateway.usage()).cpuMs - before.cpuMs) / rows };
}

const rowsBefore = 200_000;
const rowsMeasured = 1_000_000;
const samples = 10;

/** Memory of the process over a million rows, at a rate that only the CPU limits, after the caches are full. */
async function reportMemory(): Promise<void> {
  await using stage = await Stage.start({ rate: 1000 });
  using readers = await ListReaders.start(stage.gateway.url, 2);
  await readers.untilRows(rowsBefore);
  const first = await stage.gateway.usageCollected();
  const sizes = [first.rssMb];
  for (let sample = 1; sample <= samples; sample += 1) {
    await readers.untilRows(rowsBefore + (sample * rowsMeasured) / samples);
    sizes.push((await stage.gateway.usageCollected()).rssMb);
  }
  const { cpuMs } = await stage.gateway.usage();
  print(`resident memory after ${fixed(rowsBefore, 0)} rows: ${fixed(first.rssMb, 0)} MB`);
  print(
    `after each further ${fixed(rowsMeasured / samples, 0)}: ${sizes
      .slice(1)
      .map((mb) => fixed(mb, 0))
      .join(' ')}`,
  );
  print(`largest growth over ${fixed(rowsMeasured, 0)} rows: ${fixed(Math.max(...sizes) - first.rssMb)} MB`);
  print(`CPU a row: ${fixed(((cpuMs - first.cpuMs) / rowsMeasured) * 1000, 0)} µs`);
}

/** What lookups keep while lists are read at the full rate. */
async function reportLookups(): Promise<void> {
  await using stage = await Stage.start({ responseMs: 50 });
  const cached = await cachedLookups(stage.gateway.url);
  await using probe = await LatencyProbe.start({
    url: stage.gateway.url,
    everyMs: 4,
    lookups: cached,
    headers: {},
  });
  await sleep(2000);
  const alone = await probed(probe, 6000);
  using _readers = await ListReaders.start(stage.gateway.url, manyLists);
  await sleep(2000);
  const meanwhile = await probed(probe, 10_000);
  printTable(
    ['a cached lookup', 'median', 'p99', 'lookups'],
    [row('without lists', alone), row('while lists are read at the full rate', meanwhile)],
  );
  print(`lists add ${fixed(meanwhile.p99Ms - alone.p99Ms)} ms to the p99 of a cached lookup`);
  await reportShare(stage);
}

/** Share of the calls that lookups get while both want more than the rate. */
async function reportShare(stage: Stage): Promise<void> {
  let before = await stage.costs();
  let made = 0;
  const newId = () => {
    made += 1;
    return `b${String(made).padStart(15, '0')}`;
  };
  const { perSecond } = await closedLoop({
    url: stage.gateway.url,
    clients: 200,
    warmUpMs: 3000,
    measuredMs: 10_000,
    next: () => post(`${stage.gateway.url}/graphql`, lookup, { id: newId() }),
    expected: '"vonageId":"',
    onMeasuring: async () => {
      before = await stage.costs();
    },
  });
  const { pages, lookups, rateLimited } = await stage.costs();
  const [pageCalls, lookupCalls] = [pages - before.pages, lookups - before.lookups];
  print(
    `with 200 clients that look up by ids meanwhile: ${fixed((lookupCalls / (pageCalls + lookupCalls)) * 100)} % of the ` +
      `calls are lookups (${fixed(perSecond, 0)} lookups/s), ${rateLimited} responses with 429 beside ${pages + lookups} others in the whole phase`,
  );
}

/** Requests for twenty records that the cache holds by now. */
async function cachedLookups(url: string): Promise<string[]> {
  const ids = Array.from({ length: 20 }, (_, index) => `c${String(index).padStart(15, '0')}`);
  const connection = await RawConnection.open(url);
  for (const id of ids) await connection.request(post(`${url}/graphql`, lookup, { id }));
  connection.close();
  return ids.map((id) => JSON.stringify({ query: lookup, variables: { id } }));
}

async function probed(probe: LatencyProbe, forMs: number) {
  await probe.report();
  await sleep(forMs);
  const { lookups } = await probe.report();
  if (lookups.errors.length > 0) throw new Error(`A cached lookup failed: ${lookups.errors[0]}`);
  return { ...spreadOf(lookups.latenciesMs), responded: lookups.responded };
}

function row(name: string, { medianMs, p99Ms, responded }: Awaited<ReturnType<typeof probed>>): string[] {
  return [name, `${fixed(medianMs)} ms`, `${fixed(p99Ms)} ms`, fixed(responded, 0)];
}

/** A gateway before a server of pages. */
class Stage implements AsyncDisposable {
  readonly gateway: Child;
  readonly #pages: Child;

  private constructor(pages: Child, gateway: Child) {
    this.#pages = pages;
    this.gateway = gateway;
  }

  static async start({ responseMs = 0, rate = ratePerSecond }): Promise<Stage> {
    const args = [String(rate), String(responseMs)];
    const pages = await Child.start({ file: 'bench/servers/pages.ts', args });
    const gateway = await startGatewayProcess(pages.url, {
      VONAGE_RATE_PER_SECOND: String(rate),
      ANONYMOUS_SCOPES: 'records:read,records:range,records:numbers',
    });
    return new Stage(pages, gateway);
  }

  async costs(): Promise<PageCosts> {
    return (await (await fetch(this.#pages.url)).json()) as PageCosts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.#pages[Symbol.asyncDispose]();
  }
}

/** Clients that read a list each, page after page. */
class ListReaders implements Disposable {
  static #lists = 0;
  rows = 0;
  #failure: unknown;
  readonly #connections: RawConnection[] = [];

  static async start(url: string, count: number): Promise<ListReaders> {
    const readers = new ListReaders();
    for (let each = 0; each < count; each += 1) {
      const connection = await RawConnection.open(url);
      readers.#connections.push(connection);
      void readers.#read(url, connection);
    }
    return readers;
  }

  async untilRows(rows: number): Promise<void> {
    while (this.rows < rows) {
      if (this.#failure) throw this.#failure;
      await sleep(20);
    }
  }

  async #read(url: string, connection: RawConnection): Promise<void> {
    ListReaders.#lists += 1;
    const since = new Date(Date.UTC(2026, 0, 5) + ListReaders.#lists * 1000).toISOString();
    let after: string | undefined;
    try {
      while (connection.isOpen) {
        const { body } = await connection.request(post(`${url}/graphql`, list, { since, after }));
        after = /"endCursor":"([^"]+)"/.exec(body)?.[1];
        if (!after || body.includes('"errors"')) throw new Error(`A list ended: ${body.slice(0, 300)}`);
        this.rows += rowsOfPage;
      }
    } catch (failure) {
      this.#failure = failure;
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection.close();
  }
}
