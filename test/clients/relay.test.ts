import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConcreteRequest,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  type OperationType,
  type ReaderFragment,
  RecordSource,
  type SingularReaderSelector,
  Store,
} from 'relay-runtime';
import { startTestGateway } from '../support/start-gateway.js';
import {
  type CachedRecord,
  callId,
  type LookupData,
  mixedIds,
  mixedSearchText,
  outcomesOf,
  pricesOf,
  segmentKinds,
  segmentPrices,
  segmentsText,
  setSegments,
  smsId,
  twoLookupsText,
} from './mixed-search.js';

const nodeText = `query NodeQuery($id: ID!) { node(id: $id) { ...Node_record @alias } }
fragment Node_record on VonageRecord { id vonageStatus }`;

/** A list as a component with `usePaginationFragment` declares it. Relay generates the query of its further parts. */
const dayText = `query DayQuery($first: Int!) { ...Day_list @arguments(first: $first) }
fragment Day_list on Query
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "DayPaginationQuery") {
  recordsByDate(
    product: SMS direction: OUTBOUND since: "2026-01-05T00:00:00Z" until: "2026-01-06T00:00:00Z"
    first: $first after: $after
  ) @connection(key: "Day_recordsByDate") { edges { node { id vonageStatus } } pageInfo { endCursor hasNextPage } }
}`;

const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'relay-'));
beforeAll(() => compile([mixedSearchText, twoLookupsText, segmentsText, nodeText, dayText]));
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles operations with Relay's compiler and the options of docs/clients.md. */
function compile(operations: readonly string[]) {
  mkdirSync(join(folder, 'src'));
  copyFileSync('schema/schema.graphql', join(folder, 'schema.graphql'));
  const [, config = ''] = /## Relay\n+```json\n(.*?)```/s.exec(readFileSync('docs/clients.md', 'utf8')) ?? [];
  // Unlike TypeScript modules, these run as they are.
  const options = { ...JSON.parse(config), language: 'javascript', eagerEsModules: false };
  writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(options));
  for (const operation of operations) {
    // Relay wants the name of a query to begin with the name of its module.
    const [, moduleName] = /query (\w+)Query/.exec(operation) ?? [];
    writeFileSync(join(folder, 'src', `${moduleName}.js`), `graphql\`${operation}\`;\n`);
  }
  const compiler = require.resolve('relay-compiler/cli.js');
  execFileSync(process.execPath, [compiler, 'relay.config.json'], { cwd: folder, stdio: 'pipe' });
}

function requestOf(name: string): ConcreteRequest {
  return require(join(folder, 'src/__generated__', `${name}.graphql.js`));
}

/** Relay's runtime over a gateway. */
function environmentOf(url: string): Environment {
  const network = Network.create(async ({ text }, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await response.json()) as never;
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

async function read<Data>(environment: Environment, name: string, variables: object): Promise<Data> {
  const query = requestOf(name);
  const data = await fetchQuery<OperationType>(environment, query, variables as never).toPromise();
  return data as Data;
}

/** The records in the store; a result or an error is not an object with an identity. */
function storedRecords(environment: Environment): CachedRecord[] {
  const stored = Object.values(environment.getStore().getSource().toJSON()) as unknown as CachedRecord[];
  return stored.filter(({ id }) => id);
}

test('a mixed search selects vonageStatus without aliases, and the store holds each record once', async () => {
  await using gateway = await startTestGateway();
  const environment = environmentOf(gateway.url);
  const ids = [...mixedIds, smsId];
  const { records } = await read<{ records: LookupData }>(environment, 'MixedSearchQuery', { ids });

  expect(outcomesOf(records)).toEqual([
    [mixedIds[0], 'FOUND', ['delivered']],
    [mixedIds[1], 'FOUND', [expect.any(String)]],
    [mixedIds[2], 'FOUND', ['SUCCESS']],
    [smsId, 'FOUND', ['delivered']],
  ]);
  expect(storedRecords(environment).map(({ __typename }) => __typename)).toEqual([
    'SmsOutboundRecord',
    'VoiceCallRecord',
    'VerifyApiRecord',
  ]);
});

test.each(segmentKinds)(
  'three rows of one call %s are three objects in the store, in whatever order they come',
  async (_which, rowIds) => {
    await using gateway = await startTestGateway();
    const environment = environmentOf(gateway.url);
    const ids = [setSegments(gateway, rowIds)];
    await read(environment, 'SegmentsQuery', { ids });
    setSegments(gateway, rowIds, [2, 0, 1]);
    const { records } = await read<{ records: LookupData }>(environment, 'SegmentsQuery', { ids });

    expect(
      storedRecords(environment)
        .map(({ totalPrice }) => totalPrice)
        .toSorted(),
    ).toEqual(segmentPrices);
    expect(pricesOf(records).toSorted()).toEqual(segmentPrices);
  },
);

test('two lookups of one id in one document do not overwrite each other', async () => {
  await using gateway = await startTestGateway();
  const environment = environmentOf(gateway.url);
  const data = await read<{ sms: LookupData; calls: LookupData }>(environment, 'TwoLookupsQuery', {
    ids: [smsId, callId],
  });

  expect(outcomesOf(data.sms)).toEqual([
    [smsId, 'FOUND', ['delivered']],
    [callId, 'NOT_FOUND', []],
  ]);
  expect(outcomesOf(data.calls)).toEqual([
    [smsId, 'NOT_FOUND', []],
    [callId, 'FOUND', [expect.any(String)]],
  ]);
});

test('a record is refetched into the same object by its global id', async () => {
  await using gateway = await startTestGateway();
  const environment = environmentOf(gateway.url);
  await read(environment, 'MixedSearchQuery', { ids: [smsId] });
  const [found] = storedRecords(environment);
  await read(environment, 'NodeQuery', { id: found?.id });

  expect(storedRecords(environment).map(({ id }) => id)).toEqual([found?.id]);
});

test('a list pages to its end with the query that Relay generates for usePaginationFragment', async () => {
  await using gateway = await startTestGateway();
  const environment = environmentOf(gateway.url);
  const first = { first: 25 };
  environment.retain(createOperationDescriptor(requestOf('DayQuery'), first));
  await read(environment, 'DayQuery', first);
  const parts = [shownList(environment, first)];
  for (let list = parts[0]; list?.pageInfo.hasNextPage; list = parts.at(-1)) {
    await read(environment, 'DayPaginationQuery', { ...first, after: list.pageInfo.endCursor });
    parts.push(shownList(environment, first));
  }
  expect(parts.map(({ edges }) => edges.length)).toEqual([25, 50, 60]);
  expect(new Set(parts[2]?.edges.map(({ node }) => node.id)).size).toBe(60);
  expect(gateway.simulator.log.calls.map(({ rows }) => rows)).toEqual([60]);
});

interface ShownList {
  readonly edges: readonly { readonly node: CachedRecord }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** The list as its component reads it: all parts that Relay has put together so far. */
function shownList(environment: Environment, variables: object): ShownList {
  const operation = createOperationDescriptor(requestOf('DayQuery'), variables);
  const fragment: ReaderFragment = require(join(folder, 'src/__generated__', 'Day_list.graphql.js'));
  const selector = getSingularSelector(fragment, environment.lookup(operation.fragment).data);
  const { recordsByDate } = environment.lookup(selector as SingularReaderSelector).data ?? {};
  return recordsByDate as ShownList;
}
