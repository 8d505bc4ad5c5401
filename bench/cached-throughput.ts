/**
 * Throughput from the cache: 32 clients request ten fields of the same twenty records without pause. One subject gets a
 * new request each time, which the record cache serves and the response cache does not. The same run measures a bare
 * node:http server that returns the same bytes, and three products that derive GraphQL from an OpenAPI description. By
 * default these call their upstream for every request, so their upstream responds at once. The gateway is also measured
 * without a cache. At the end the run measures what metrics cost. `npm run bench -- cached-throughput`
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServedSchema } from '../src/bootstrap/build-schema.js';
import { Direction, Product } from '../src/catalogue/product.js';
import { Dataset } from '../src/simulator/dataset.js';
import { reportMetricsCost } from './metrics-cost.js';
import { Child } from './support/child.js';
import { closedLoop } from './support/closed-loop.js';
import type { MeasuredRequest } from './support/cpu-per-request.js';
import { fixed, print, printTable } from './support/print.js';
import { post, RawConnection } from './support/raw-connection.js';
import { startGatewayProcess, tenFields } from './support/stage.js';

const clients = 32;
const idCount = 20;
const rounds = 3;
const warmUpMs = 2000;
const measuredMs = 3000;

/** A measured server and its requests. */
interface Subject {
  readonly name: string;
  readonly url: string;
  readonly server: Child;
  /** The bytes of the next request. */
  request(): string;
}

export async function benchCachedThroughput(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cached-throughput-'));
  const running: Child[] = [];
  const start = async (starting: Promise<Child>) => {
    const child = await starting;
    running.push(child);
    return child;
  };
  try {
    const { ids, response } = await vonageResponse();
    const upstream = await start(fixedResponse(folder, 'upstream.json', response));
    await report(await startSubjects({ folder, upstream, ids, start }));
    print();
    await reportMetricsCost({ upstreamUrl: upstream.url, start, requests: measuredRequests(ids) });
  } finally {
    for (const child of running) await child[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly folder: string;
  readonly upstream: Child;
  readonly ids: readonly string[];
  start(starting: Promise<Child>): Promise<Child>;
}

/** Makers of requests for the same records. */
function requestsFor(ids: readonly string[]) {
  let requestCount = 0;
  return {
    request: (url: string) => post(`${url}/graphql`, query, { ids }),
    // A variable that the operation does not declare changes only the response cache key.
    newRequest: (url: string) => post(`${url}/graphql`, query, { ids, request: requestCount++ }),
  };
}

/** Enough requests for a quarter of a second of CPU time. */
function measuredRequests(ids: readonly string[]): readonly MeasuredRequest[] {
  const { request, newRequest } = requestsFor(ids);
  return [
    { name: 'repeated request', count: 2500, make: request },
    { name: 'every request new', count: 400, make: newRequest },
  ];
}

async function startSubjects({ folder, upstream, ids, start }: Stage): Promise<Subject[]> {
  const gateway = await start(startGatewayProcess(upstream.url));
  const uncached = await start(
    startGatewayProcess(upstream.url, { CACHE_MAX_BYTES: '0', VONAGE_RATE_PER_SECOND: '1000' }),
  );
  const { request, newRequest } = requestsFor(ids);
  const bytes = await firstResponse(gateway.url, request(gateway.url));
  const bare = await start(fixedResponse(folder, 'response.json', bytes));
  const subjects: Subject[] = [
    subject('bare node:http with the same bytes', bare, request(bare.url)),
    subject('this gateway, repeated request', gateway, request(gateway.url)),
    {
      name: 'this gateway, every request new',
      url: gateway.url,
      server: gateway,
      request: () => newRequest(gateway.url),
    },
    subject('this gateway without a cache', uncached, request(uncached.url)),
  ];
  if (existsSync(new URL('peers/node_modules/@graphql-hive/gateway', import.meta.url))) {
    const hive = await start(peer('hive-gateway.js', upstream.url));
    const openapi = await start(peer('openapi-to-graphql.js', upstream.url));
    const id = JSON.stringify(ids.join(','));
    const from = (url: string, path: string, text: string) => post(`${url}${path}`, text);
    subjects.push(
      subject('Hive Gateway', hive, from(hive.url, '/graphql', hiveQuery(id))),
      subject('openapi-to-graphql', openapi, from(openapi.url, '/', openapiQuery(id))),
    );
  } else {
    print(
      'SKIPPED: Hive Gateway and openapi-to-graphql are not installed; `npm ci --prefix bench/peers` installs them.',
    );
  }
  if (existsSync(new URL('peers/node_modules/@tailcallhq/core-linux-x64-gnu', import.meta.url))) {
    const tailcall = await start(peer('tailcall.js', upstream.url));
    const request = post(`${tailcall.url}/graphql`, hiveQuery(JSON.stringify(ids.join(','))));
    subjects.push(subject('Tailcall, on all cores', tailcall, request));
  } else print('SKIPPED: Tailcall is not installed; it runs on Linux with glibc and x64 only.');
  return subjects;
}

/** A server that gets the same request each time. */
function subject(name: string, server: Child, request: string): Subject {
  return { name, url: server.url, server, request: () => request };
}

const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS, direction: OUTBOUND) { nodes { ${tenFields} } } }`;
const scope = 'account_id: "abcd1234", product: "SMS", direction: "outbound"';
const wireFields =
  'message_id date_received total_price currency account_id status to network_name latency date_finalized';
const hiveQuery = (id: string) => `{ getRecords(${scope}, id: ${id}) { records { ${wireFields} } } }`;
const openapiQuery = (id: string) =>
  `{ recordsResponse(accountId: "abcd1234", product: "SMS", direction: "outbound", id: ${id}) { records { ${wireFields.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())} } } }`;

/** Reports the best of several rounds. A round measures every subject, so that disturbances affect all alike. */
async function report(subjects: readonly Subject[]): Promise<void> {
  const results = new Map<string, { perSecond: number; cpuMs: number; p99Ms: number }>();
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      const result = await measure(subject);
      if (result.perSecond > (results.get(subject.name)?.perSecond ?? 0)) results.set(subject.name, result);
    }
  }
  const own = results.get('this gateway, repeated request')?.perSecond ?? Number.NaN;
  printTable(
    [
      `${idCount} records, ${clients} clients`,
      'requests/s',
      'CPU a request',
      'requests per CPU second',
      'p99',
      'this gateway is',
    ],
    [...results].map(([name, { perSecond, cpuMs, p99Ms }]) => [
      name,
      fixed(perSecond, 0),
      `${fixed(cpuMs, 3)} ms`,
      fixed(1000 / cpuMs, 0),
      `${fixed(p99Ms, 0)} ms`,
      `${fixed(own / perSecond, 2)} times as fast`,
    ]),
  );
}

async function measure({ url, request, server }: Subject) {
  let before = 0;
  const { perSecond, responses, p99Ms } = await closedLoop({
    url,
    clients,
    warmUpMs,
    measuredMs,
    next: request,
    expected: '447700',
    onMeasuring: async () => {
      before = (await server.usage()).cpuMs;
    },
  });
  return { perSecond, p99Ms, cpuMs: ((await server.usage()).cpuMs - before) / responses };
}

/** Twenty ids and the response of Vonage to all of them. */
async function vonageResponse(): Promise<{ ids: string[]; response: string }> {
  const { shapes } = await buildServedSchema();
  const dataset = new Dataset({ shapes, eventsPerType: 0, eventsOf: { [Product.SMS]: idCount } });
  const ids = dataset.ids(Product.SMS, Direction.OUTBOUND).slice(0, idCount);
  const records = ids.flatMap((id) => dataset.find(Product.SMS, Direction.OUTBOUND, id));
  return {
    ids,
    response: JSON.stringify({ request_status: 'SUCCESS', items_count: records.length, records }),
  };
}

async function firstResponse(url: string, request: string): Promise<string> {
  const connection = await RawConnection.open(url);
  await connection.request(request);
  const { body } = await connection.request(request);
  connection.close();
  return body;
}

function fixedResponse(folder: string, name: string, body: string): Promise<Child> {
  const path = join(folder, name);
  writeFileSync(path, body, 'latin1');
  return Child.start({ file: 'bench/servers/fixed-response.js', args: [path] });
}

function peer(file: string, upstreamUrl: string): Promise<Child> {
  return Child.start({
    file: `bench/peers/${file}`,
    args: [upstreamUrl],
    cwd: 'bench/peers',
    urlIn: /^(?:listening: )?(http:\S+)$/,
  });
}
