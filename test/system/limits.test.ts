import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { readExampleOperations } from '../../src/http/pages.js';
import { cpuTimeMs } from '../support/cpu-time.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

let gateway: TestGateway;
let production: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  production = await startTestGateway({ config: { production: true, graphql: { routerSecret: undefined } } });
});
afterAll(() => Promise.all([gateway[Symbol.asyncDispose](), production[Symbol.asyncDispose]()]));
beforeEach(() => {
  gateway.simulator.log.clear();
  production.simulator.log.clear();
});

const times = (count: number, textOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => textOf(index)).join(' ');
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);
const sms = '15000000E1F8B123';
const one = `record(id: "${sms}", product: SMS, direction: OUTBOUND) { id }`;
const many = 'query ($ids: [ID!]!) { records(ids: $ids, product: VIDEO_API) { idsNotFound } }';
const globalId = 'vr1_YWJjZDEyMzQvU01TL291dGJvdW5kLzE1MDAwMDAwRTFGOEIxMjMv';

/** Posts a body. */
async function post(body: unknown, to = gateway) {
  const response = await fetch(`${to.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, ...JSON.parse(text) };
}

/**
 * CPU time that a request may take: twenty times that of the introspection query, which is the largest everyday operation.
 * Tests measure it beside the request, so that it fits the speed of the machine.
 */
async function maxCpuMs() {
  const query = getIntrospectionQuery();
  return 20 * (await cpuTimeMs(() => post({ query })));
}

/** The only error of an operation that the gateway rejected as a whole, before a call to Vonage. */
function rejection({ status, text, data, errors }: Awaited<ReturnType<typeof post>>) {
  expect([status, data, errors.length]).toEqual([400, undefined, 1]);
  expect(text.length).toBeLessThan(4096);
  expect([...gateway.simulator.log.calls, ...production.simulator.log.calls]).toEqual([]);
  const [{ message, extensions }] = errors;
  expect(extensions).toEqual({ code: expect.any(String), requestId: expect.any(String) });
  return `${extensions.code}: ${message}`;
}

describe('a document beyond the limits is rejected before validation:', () => {
  const wide =
    'fragment Wide on VonageRecord { id ...Wide2 ...Wide2 } fragment Wide2 on VonageRecord { id ...Wide3 ...Wide3 }';
  const bomb = times(30, (i) => `fragment F${i} on VonageRecord { ...F${i + 1} ...F${i + 1} }`);

  test.each([
    [
      'S1: 101 aliases of lookups',
      `{ ${times(101, (i) => `a${i}: ${one}`)} }`,
      'The operation holds 101 aliases; at most 100 are allowed.',
    ],
    [
      'S2: 101 aliases of __typename',
      `{ ${times(101, (i) => `a${i}: __typename`)} }`,
      'The operation holds 101 aliases; at most 100 are allowed.',
    ],
    [
      'an alias that an answer would repeat for a thousand records',
      `{ records(ids: [${times(1000, () => `"${sms}"`)}]) { nodes { ...F } } } fragment F on VonageRecord { ${'a'.repeat(70_000)}: id }`,
      'The longest alias has 70000 characters; at most 128 are allowed.',
    ],
    [
      'aliases in a fragment that is spread again and again',
      `{ ${times(21, (i) => `a${i}: record(id: "x") { ...F }`)} } fragment F on VonageRecord { b: id c: id d: id e: id }`,
      'The operation holds 105 aliases; at most 100 are allowed.',
    ],
    [
      'S7: introspection nested twelve times',
      `{ __schema { types { ${'fields { type { '.repeat(12)} name ${'} }'.repeat(12)} } } }`,
      'The introspection is 27 fields deep; at most 20 are allowed.',
    ],
    [
      'S7: a path that is too deep',
      `{ record(id: "x") { ... on VoiceCallRecord { ${'events { ... on AsrRecord { call { '.repeat(5)} id ${'} } }'.repeat(5)} } } }`,
      'The operation is 12 fields deep; at most 10 are allowed.',
    ],
    [
      'S8: the same field 500 times',
      `{ record(id: "x") { ${'id '.repeat(500)} } }`,
      'The document selects id 500 times at one place; at most 30 are allowed.',
    ],
    [
      'S8: the same field 3,000 times',
      `{ record(id: "x") { ${'id '.repeat(3000)} } }`,
      'The document selects id 3000 times at one place; at most 30 are allowed.',
    ],
    [
      'S8: the same lookup 31 times',
      `{ ${times(31, () => one)} }`,
      'The document selects record 31 times at one place; at most 30 are allowed.',
    ],
    [
      'S9: 200 inline fragments of 100 each',
      `{ record(id: "x") { ${times(200, () => `... on VonageRecord { ${times(100, () => '... on VonageRecord { id }')} }`)} } }`.replaceAll(
        ' on VonageRecord',
        '',
      ),
      'The document has 221623 characters; at most 100000 are allowed.',
    ],
    [
      'S9: 90 inline fragments of 100 each',
      `{ record(id: "x") { ${times(90, () => `... on VonageRecord { ${times(100, () => '... on VonageRecord { id }')} }`)} } }`.replaceAll(
        ' on VonageRecord',
        '',
      ),
      'The document holds more than 4000 tokens; at most 4000 are allowed.',
    ],
    [
      'padding by comments',
      `{ __typename ${'#\n'.repeat(45_000)} }`,
      'The document has 45000 comments and commas; at most 4000 are allowed.',
    ],
    [
      'padding by blanks',
      `{ __typename ${' '.repeat(150_000)} }`,
      'The document has 150015 characters; at most 100000 are allowed.',
    ],
    [
      'S10: 500 unknown directives',
      `{ __typename ${'@aa '.repeat(500)} }`,
      'The operation holds 500 directives; at most 50 are allowed.',
    ],
    [
      'S10: 400 times @skip',
      `{ record(id: "x") { ${times(400, () => 'id @skip(if: false)')} } }`,
      'The operation holds 400 directives; at most 50 are allowed.',
    ],
    [
      'a fragment that doubles thirty times',
      `{ record(id: "x") { ...F0 } } ${bomb} fragment F30 on VonageRecord { id }`,
      'The document selects 1000000 or more fields and fragments; at most 5000 are allowed.',
    ],
    [
      'a fragment that spreads itself',
      `{ record(id: "x") { ...Wide } } ${wide} fragment Wide3 on VonageRecord { ...Wide }`,
      'The fragment Wide spreads itself, directly or through other fragments; no fragment may.',
    ],
    [
      '101 operations and fragments',
      `{ record(id: "x") { ${times(100, (i) => `...F${i}`)} } } ${times(100, (i) => `fragment F${i} on VonageRecord { id }`)}`,
      'The document defines 101 operations and fragments; at most 100 are allowed.',
    ],
  ])('%s', async (_what, query, message) => {
    const cpuMs = await cpuTimeMs(async () => {
      expect(rejection(await post({ query }))).toBe(`QUERY_TOO_COMPLEX: ${message}`);
    });
    expect(cpuMs).toBeLessThan(await maxCpuMs());
  });

  test('a path as deep as the tokens allow, whether or not the parser’s stack holds it', async () => {
    const query = `${'{a'.repeat(1333)}${'}'.repeat(1333)}`;
    expect(rejection(await post({ query }))).toMatch(
      /^QUERY_TOO_COMPLEX: The (document is nested too deeply to be parsed|operation is 1333 fields deep)/,
    );
  });

  test('each limit is the operator’s', async () => {
    await using strict = await startTestGateway({ config: { limits: { maxAliases: 1 } } });
    const { errors } = await strict.ask('{ a: __typename b: __typename }');
    expect(errors[0]?.message).toBe('The operation holds 2 aliases; at most 1 are allowed.');
  });

  test('at most five errors of a document are listed', async () => {
    const faulty = await gateway.ask('{ a b c d e f g }');
    expect(faulty.errors).toHaveLength(5);
  });
});

describe('a large operation within the limits succeeds:', () => {
  test.each(readExampleOperations().map(({ name, document }) => [name, document]))(
    '%s',
    async (_name, query) => {
      const { status, data, errors } = await post({ query });
      expect([status, errors]).toEqual([200, undefined]);
      expect(data).toBeTruthy();
    },
  );

  test('100 aliased lookups', async () => {
    const { status, errors, data } = await post({ query: `{ ${times(100, (i) => `a${i}: ${one}`)} }` });
    expect([status, errors, Object.keys(data).length]).toEqual([200, undefined, 100]);
  });

  test('1,000 ids', async () => {
    const { status, data } = await post({ query: many, variables: { ids: idsOf(1000) } });
    expect([status, data.records.idsNotFound.length]).toEqual([200, 1000]);
  });

  test('the introspection query of GraphiQL and of code generators', async () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const { status, data } = await post({ query });
    expect([status, data.__schema.queryType.name]).toEqual([200, 'Query']);
  });
});

describe('the ids of one operation are counted together', () => {
  const tooMany = (count: number) =>
    `TOO_MANY_IDS: The operation asks for ${count} ids; at most 1000 are allowed.`;

  test('S3: 10,000 ids are rejected', async () => {
    expect(rejection(await post({ query: many, variables: { ids: idsOf(10_000) } }))).toBe(tooMany(10_000));
  });

  test('S4: however they are spread over aliases, variables, defaults, fields and references', async () => {
    const query = `query ($a: [ID!]!, $b: [ID!]! = ["1", "2", "3"], $c: ID!, $nodes: [ID!]!, $r: [_Any!]!, $no: Boolean!) {
      a1: records(ids: $a) { idsNotFound }
      ...Others
      ... @skip(if: $no) { a1: records(ids: $a) { results { error { code } } } skipped: records(ids: $a) { idsNotFound } }
      _entities(representations: $r) { __typename }
    }
    fragment Others on Query {
      a2: records(ids: $a, product: SMS) { idsNotFound }
      a3: records(ids: $b) { idsNotFound }
      a4: records(ids: "single") { idsNotFound }
      a5: records(ids: [$c, "x"]) { idsNotFound }
      smsRecord(id: $c) { __typename }
      node(id: "${globalId}") { id }
      nodes(ids: $nodes) { id }
    }`;
    const variables = {
      a: idsOf(300),
      c: 'x',
      nodes: Array(200).fill(globalId),
      r: Array(193).fill({ __typename: 'VonageRecord', id: globalId }),
      no: true,
    };
    // 2 × 300 + 3 + 1 + 2 + 1 + 1 + 200 + 193
    expect(rejection(await post({ query, variables }))).toBe(tooMany(1001));
    const fits = await post({ query, variables: { ...variables, nodes: Array(199).fill(globalId) } });
    expect(fits.status).toBe(200);
    gateway.simulator.log.clear();
    expect(rejection(await post({ query, variables: { ...variables, no: false } }))).toBe(tooMany(1301));
  });

  test('S5: 5,000 references are rejected', async () => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const r = Array(5000).fill({ __typename: 'VonageRecord', id: 'x' });
    expect(rejection(await post({ query, variables: { r } }))).toBe(tooMany(5000));
  });

  test('also for a document that a smaller request already used', async () => {
    expect((await post({ query: many, variables: { ids: ['x'] } })).status).toBe(200);
    gateway.simulator.log.clear();
    expect(rejection(await post({ query: many, variables: { ids: idsOf(1001) } }))).toBe(tooMany(1001));
  });

  test('also over GET', async () => {
    const variables = JSON.stringify({ ids: idsOf(1001) });
    const response = await fetch(
      `${gateway.url}/graphql?query=${encodeURIComponent(many)}&variables=${encodeURIComponent(variables)}`,
      { headers: { 'apollo-require-preflight': '1' } },
    );
    const { errors } = (await response.json()) as any;
    expect([response.status, errors[0].extensions.code]).toEqual([400, 'TOO_MANY_IDS']);
    expect(gateway.simulator.log.calls).toEqual([]);
  });

  test('also for a registered document that is requested by its hash', async () => {
    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(many).digest('hex') };
    const ask = (body: object) => post({ ...body, extensions: { persistedQuery } });
    expect((await ask({ query: many, variables: { ids: ['x'] } })).status).toBe(200);
    gateway.simulator.log.clear();
    expect(rejection(await ask({ variables: { ids: idsOf(1001) } }))).toBe(tooMany(1001));
  });

  test('S6: several operations in one request are rejected', async () => {
    expect(rejection(await post(Array(10).fill({ query: `{ ${one} }` })))).toMatch(/^BAD_USER_INPUT: /);
  });
});

describe('the records that an operation may return include those of its edges', () => {
  const calls = (edges: string) =>
    `query ($ids: [ID!]!) { records(ids: $ids, product: VOICE_CALL) { nodes { ... on VoiceCallRecord { id ${edges} } } } }`;
  const tooMany = (count: number) =>
    `QUERY_TOO_COMPLEX: The operation may return, edges included, ${count} records; at most 5000 are allowed.`;

  test('the values of the response are limited too', async () => {
    const names = times(99, (i) => `a${i}: raw`);
    const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS) { nodes { ${names} } } }`;
    expect(rejection(await post({ query, variables: { ids: idsOf(1000) } }))).toBe(
      `QUERY_TOO_COMPLEX: The operation may show, edges included, ${1000 * (1 + 99 * 20)} values; at most 250000 are allowed.`,
    );
  });

  test('the errors of failed ids under many aliases are limited too', async () => {
    const names = times(99, (i) => `a${i}: nodes { __typename }`);
    const query = `query ($ids: [ID!]!) { records(ids: $ids, product: SMS) { ${names} } }`;
    const ids = idsOf(1000).map((id) => `!${id}`);
    expect(rejection(await post({ query, variables: { ids } }))).toBe(
      `QUERY_TOO_COMPLEX: The operation may show, edges included, ${1000 * (99 * 2 + 98 * 20)} values; at most 250000 are allowed.`,
    );
    const failAll = async (count: number) => {
      const { status, errors } = await post({
        query: query.replace(names, 'nodes { __typename }'),
        variables: { ids: ids.slice(0, count) },
      });
      expect([status, errors.length]).toEqual([200, count]);
    };
    const hundredMs = await cpuTimeMs(() => failAll(100));
    // Ten times as many errors may cost forty times as much; work that grows with their square costs a hundred times as much.
    expect(await cpuTimeMs(() => failAll(1000))).toBeLessThan(40 * hundredMs);
  });

  test('one edge adds its own records for each', async () => {
    const query = calls('events { __typename }');
    expect(rejection(await post({ query, variables: { ids: idsOf(556) } }))).toBe(tooMany(5004));
    const { status } = await post({ query, variables: { ids: idsOf(555) } });
    expect(status).toBe(200);
  });

  test('nested edges multiply', async () => {
    const query = calls('events { ... on AsrRecord { call { id events { __typename } } } }');
    // Each call may have eight events. Each of the two ASR events has its call, which has eight events again.
    expect(rejection(await post({ query, variables: { ids: idsOf(300) } }))).toBe(
      tooMany(300 * (1 + 8 + 2 * 9)),
    );
  });

  test('a skipped edge costs nothing', async () => {
    const query = calls('events @include(if: $events) { __typename }').replace(
      '$ids: [ID!]!',
      '$ids: [ID!]!, $events: Boolean!',
    );
    const ids = idsOf(1000);
    expect(rejection(await post({ query, variables: { ids, events: true } }))).toBe(tooMany(9000));
    expect((await post({ query, variables: { ids, events: false } })).status).toBe(200);
  });
});

describe('S11: variables that are wrong', () => {
  test('10,000 nulls are rejected by their number', async () => {
    expect(rejection(await post({ query: many, variables: { ids: Array(10_000).fill(null) } }))).toMatch(
      /^TOO_MANY_IDS/,
    );
  });

  test('1,000 nulls are five errors', async () => {
    const { status, text, errors } = await post({ query: many, variables: { ids: Array(1000).fill(null) } });
    expect([status, errors.length]).toEqual([400, 5]);
    expect(text.length).toBeLessThan(4096);
    expect(errors[0].message).toContain('"ids[0]"');
    expect(errors[4].message).toContain('Too many errors');
  });

  test.each([
    ['deeply nested lists', (depth: string) => `{"ids":${depth}}`],
    [
      'a deeply nested reference',
      (depth: string) => `{"ids":["x"],"r":[{"__typename":"SmsOutboundRecord","id":${depth}}]}`,
    ],
  ])('%s are one small error', async (_what, variablesOf) => {
    const depth = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const query = `query ($ids: [ID!]!, $r: [_Any!]! = []) {
      records(ids: $ids, product: VIDEO_API) { idsNotFound }
      _entities(representations: $r) { __typename }
    }`;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":${variablesOf(depth)}}`,
    });
    const text = await response.text();
    expect(text.length).toBeLessThan(4096);
    const { errors } = JSON.parse(text);
    expect(errors).toHaveLength(1);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test.each([
    ['an object without a text', '{"toString":1,"valueOf":1}'],
    ['a list that is nested deeply', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('%s in place of a name is a client error', async (_what, name) => {
    const query = `query ($r: [_Any!]!, $p: VonageProduct) {
      _entities(representations: $r) { __typename }
      record(id: "x", product: $p) { id }
    }`;
    const ask = async (variables: string) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
      });
      const { errors } = (await response.json()) as any;
      return errors.map(({ extensions }: any) => extensions.code);
    };
    expect(await ask(`{"r":[{"__typename":${name}}],"p":"VIDEO_API"}`)).toEqual(['BAD_USER_INPUT']);
    expect(await ask(`{"r":[],"p":${name}}`)).toEqual(['BAD_USER_INPUT']);
  });

  test('a value of 200 KB is not quoted in full', async () => {
    const query = 'query ($p: VonageProduct) { record(id: "x", product: $p) { id } }';
    const { status, text } = await post({ query, variables: { p: 'x'.repeat(200_000) } });
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(4096);
  });

  test('errors of a document are listed up to the limit, each with few locations', async () => {
    const { status, text, errors } = await post({ query: `{ ${times(100, (i) => `nope${i}`)} }` });
    expect([status, errors.length]).toEqual([400, 5]);
    const places = await post({ query: `{ record(${'id: "x" '.repeat(900)}) { id } }` });
    expect(places.status).toBe(400);
    expect(text.length + places.text.length).toBeLessThan(4096);
  });
});

describe('S18: introspection', () => {
  const refused = (field: string) =>
    `BAD_USER_INPUT: The field ${field} reads the schema; this caller needs the scope introspect for it.`;

  test.each([
    ['{ __schema { types { name } } }', '__schema'],
    ['{ __type(name: "Query") { name } }', '__type'],
    ['{ ...A } fragment A on Query { ... on Query { s: __schema { types { name } } } }', '__schema'],
    [`{ ${one} ... @include(if: true) { __type(name: "Query") { name } } }`, '__type'],
  ])('is refused in production, the first time and the second: %s', async (query, field) => {
    expect(rejection(await post({ query }, production))).toBe(refused(field));
    expect(rejection(await post({ query }, production))).toBe(refused(field));
  });

  test('is no word for __typename, in production neither', async () => {
    const { status, data } = await post({ query: '{ __typename }' }, production);
    expect([status, data]).toEqual([200, { __typename: 'Query' }]);
  });
});

describe('S21: production proposes no names of the schema', () => {
  const typed =
    'query ($p: VonageProduct, $d: TrafficDirection) { record(id: "x", product: $p, direction: $d) { id } }';

  test.each([
    ['a field', '{ recrd(id: "x") { id } }', {}],
    ['a field of one type', '{ record(id: "x") { messageId } }', {}],
    ['an argument', '{ record(idd: "x") { id } }', {}],
    ['a value of an enum', '{ record(id: "x", product: SMZ) { id } }', {}],
    ['a text for an enum', '{ record(id: "x", product: "SMZ") { id } }', {}],
    ['a variable of an enum', typed, { p: 'SMZ' }],
    ['a number for an enum', typed, { d: 1 }],
    ['a type', '{ record(id: "x") { ... on SmsOutbondRecord { id } } }', {}],
    ['the type of a variable', 'query ($p: Produkt) { record(id: "x", product: $p) { id } }', {}],
    ['a fragment', '{ ...Frag } fragment Fragm on Query { __typename }', {}],
    ['a directive', '{ __typename @skp(if: true) }', {}],
    ['an operation', 'query A { __typename } query B { __typename }', {}],
  ])('for %s', async (_what, query, variables) => {
    const answer = await post({ query, variables }, production);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toMatch(/did you mean/i);
    expect(answer.text).toContain('BAD_USER_INPUT');
  });

  test('for the type of a reference', async () => {
    await using trusted = await startTestGateway({
      config: { production: true, graphql: { routerSecret: 'a-secret-of-the-router' } },
    });
    const query =
      '{ _entities(representations: [{ __typename: "SmsOutbondRecord", id: "x" }]) { __typename } }';
    const { errors } = await trusted.ask(query, {}, { 'x-router-secret': 'a-secret-of-the-router' });
    expect(errors.map(({ message }) => message)).toEqual([
      'representations[0].__typename must be VonageRecord or the name of a record type.',
    ]);
  });

  test('and a long message costs little CPU time', async () => {
    const product = 'Did you mean '.repeat(17_000);
    const literal = { query: `{ record(id: "x", product: ${JSON.stringify(product)}) { id } }` };
    const query = 'query ($p: VonageProduct) { record(id: "x", product: $p) { id } }';
    for (const body of [literal, { query, variables: { p: product } }]) {
      const cpuMs = await cpuTimeMs(async () => {
        const { status, text } = await post(body, production);
        expect(status).toBe(400);
        expect(text.length).toBeLessThan(4096);
      });
      expect(cpuMs).toBeLessThan(await maxCpuMs());
    }
  });

  test('while development does', async () => {
    const { errors } = await gateway.ask('{ recrd(id: "x") { id } }');
    expect(errors[0]?.message).toContain('Did you mean "record"');
  });
});
