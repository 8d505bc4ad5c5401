import fc from 'fast-check';
import { productName } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { plantedNumbersIn, plantedRow, plantedWordsIn } from '../records/planted-values.js';
import { type RecordKind, recordKinds } from '../records/record-kinds.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { authorizationOf, tokensFor } from '../support/tokens.js';

const routerSecret = 'a secret of the router and of this gateway';
const callers = {
  full: { scopes: ['records:read', 'records:range', 'records:numbers', 'records:content'] },
  neither: { scopes: ['records:read', 'records:range', 'explain', 'introspect'] },
} as const;
const receivedAt = '2026-01-05T08:00:00+0000';

const log: string[] = [];
/** Records that lists by date showed. */
let listedRecords = 0;
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    log,
    config: {
      admin: { port: 0 },
      graphql: { routerSecret },
      cache: { maxBytes: 1_000_000 },
      ...tokensFor(callers),
    },
    simulator: { eventsPerType: 0, refusedProducts: [] },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Everything that a caller receives of a row: data, errors, extensions, headers and a trace, on every path to a record. */
async function shownTo(caller: keyof typeof callers, { name, entry, shape }: RecordKind, id: string) {
  const { product, direction } = entry;
  const fields = `${shape.fields.map(({ name: field }) => field).join(' ')}`;
  const scope = `product: ${productName(product)}${direction ? `, direction: ${direction.toUpperCase()}` : ''}`;
  const headers = {
    ...authorizationOf(caller),
    'x-explain': '1',
    'x-router-secret': routerSecret,
    'apollo-federation-include-trace': 'ftv1',
  };
  const ask = async (operation: string) => {
    const { headers: responded, ...rest } = await gateway.ask(
      `${operation} fragment Fields on ${name} { ${fields} }`,
      {},
      headers,
    );
    const trace = Buffer.from(rest.extensions.ftv1 ?? '', 'base64').toString('latin1');
    return { ...rest, shown: JSON.stringify([rest, [...responded], trace]) };
  };
  const lookup = await ask(
    `{ record(id: "${id}", ${scope}) { ...Fields ... on VonageRecord { id } }
       records(ids: ["${id}", "not-there"], ${scope}) { nodes { ...Fields } results { records { ...Fields } } } }`,
  );
  const globalId = lookup.data.record.id;
  const again = await ask(
    `{ _entities(representations: [{ __typename: "VonageRecord", id: "${globalId}" }]) { ...Fields } }`,
  );
  const listed = await ask(
    `{ recordsByDate(${scope}, since: "2026-01-05T00:00:00Z", until: "2026-01-06T00:00:00Z") {
         edges { cursor node { ...Fields } } pageInfo { endCursor } } }`,
  );
  listedRecords += listed.data.recordsByDate?.edges.length ?? 0;
  return `${lookup.shown}\n${again.shown}\n${listed.shown}`;
}

const anyRow = fc
  .constantFrom(...recordKinds)
  .chain((kind) => fc.tuple(fc.constant(kind), fc.uuid()))
  .chain(([kind, id]) => fc.tuple(fc.constant(kind), fc.constant(id), plantedRow(kind, id)));

async function metrics(): Promise<string> {
  const pages = ['/metrics', '/readyz?verbose'].map((path) => fetch(`${gateway.adminUrl}${path}`));
  return (await Promise.all((await Promise.all(pages)).map((page) => page.text()))).join('\n');
}

test('no planted number, name, address or text reaches a caller without scopes, a log or a metric', async () => {
  await fc.assert(
    fc.asyncProperty(anyRow, async ([kind, id, row]) => {
      const { product, direction } = kind.entry;
      const { dateField } = rulesOf(product);
      const found = { ...(direction && { direction }), ...(dateField && { [dateField]: receivedAt }) };
      gateway.simulator.dataset.add({ product, direction, row: { ...row, ...found } });
      const shown = await shownTo('neither', kind, id);
      expect(shown).toContain(kind.name);
      expect([...plantedNumbersIn(shown), ...plantedWordsIn(shown)]).toEqual([]);
      const full = await shownTo('full', kind, id);
      expect([...plantedNumbersIn(full), ...plantedWordsIn(full)]).not.toEqual([]);
    }),
    { numRuns: 40, endOnFailure: true },
  );
  const written = `${log.join('\n')}\n${await metrics()}`;
  expect(written).toContain('added_by_vonage');
  expect(listedRecords).toBeGreaterThan(0);
  expect([...plantedNumbersIn(written), ...plantedWordsIn(written)]).toEqual([]);
});
