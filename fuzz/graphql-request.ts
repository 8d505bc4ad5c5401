import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { Chooser } from './chooser.js';
import { damage } from './damage.js';
import { DocumentWriter, type WrittenDocument } from './document-writer.js';
import { hostileJson } from './hostile-json.js';
import { hostileText } from './hostile-text.js';

/** One GraphQL request. */
export interface GraphqlRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Members of the body, such as `query` and `variables`. Their values can have any type. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RequestsOptions {
  readonly schema: GraphQLSchema;
  /** Ids in every format. */
  readonly ids: fc.Arbitrary<string>;
  /** Percentage of damaged requests. */
  readonly damaged: number;
  /** Headers that authenticate most requests. Default: none. */
  readonly authentication?: Readonly<Record<string, string>>;
}

const headerSets: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  {},
  { 'x-explain': '1' },
  { 'x-dry-run': '1' },
  { accept: 'application/graphql-response+json' },
  { accept: 'application/graphql-response+json, application/json;q=0.5' },
  { 'apollo-federation-include-trace': 'ftv1' },
  { 'x-request-id': 'of-the-caller' },
  { 'x-request-id': 'no id, and "odd"' },
  { 'x-router-secret': 'fuzz-secret' },
  { authorization: 'Bearer wrong' },
];

const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const extraFields: readonly Readonly<Record<string, unknown>>[] = [
  { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
  { extensions: { persistedQuery: { version: 2, sha256Hash: hash } } },
  { extensions: { persistedQuery: 'yes' } },
  { extensions: { persistedQuery: null } },
  { extensions: [] },
  { extensions: 'text' },
  { documentId: hash },
  { documentId: `sha256:${hash}` },
  { documentId: {} },
  { documentId: ['a'] },
  { documentId: null },
  { constructor: { prototype: { polluted: true } } },
  { nothing: 1 },
];

/** Random requests. The given percentage is damaged in the document, the variables or other members. */
export function graphqlRequest(options: RequestsOptions): fc.Arbitrary<GraphqlRequest> {
  return fc.gen().map((generate) => {
    const choose = new Chooser(generate);
    const document = new DocumentWriter({ ...options, choose }).write();
    const fields = fieldsOf(document, choose);
    const method = choose.chance(15) ? 'GET' : 'POST';
    const headers = { ...(choose.chance(70) && options.authentication), ...choose.pick(headerSets) };
    return {
      method,
      headers,
      fields: choose.chance(options.damaged) ? damagedFields(fields, choose) : fields,
    };
  });
}

type Fields = Record<string, unknown>;

function fieldsOf({ text, operationNames, variables }: WrittenDocument, choose: Chooser): Fields {
  const sent = [...variables].filter(([, { value }]) => value !== undefined);
  const isNamed = operationNames.length > 1 ? !choose.chance(10) : choose.chance(30);
  return {
    query: text,
    ...(sent.length > 0 && { variables: ownKeys(sent.map(([name, { value }]) => [name, value])) }),
    ...(isNamed && { operationName: choose.pick(operationNames) }),
  };
}

/** An object with these own keys, even `__proto__`. */
function ownKeys(entries: readonly (readonly [string, unknown])[]): Fields {
  return Object.fromEntries(entries);
}

function damagedFields(fields: Fields, choose: Chooser): Fields {
  const kind = choose.int(0, 9);
  if (kind <= 3) return { ...fields, query: choose.take(damage)(String(fields.query)) };
  if (kind <= 7) return { ...fields, variables: damagedVariables(fields.variables, choose) };
  if (kind === 8) return { ...fields, ...choose.pick(extraFields) };
  const name = choose.pick(['query', 'variables', 'operationName', 'extensions']);
  return { ...fields, [name]: choose.take(hostileJson) };
}

function damagedVariables(variables: unknown, choose: Chooser): unknown {
  const entries = Object.entries(variables ?? {}).map(([name, value]): [string, unknown] => {
    if (!choose.chance(60)) return [name, value];
    return [
      name,
      choose.chance(30) && Array.isArray(value)
        ? [...value, choose.take(hostileJson)]
        : choose.take(hostileJson),
    ];
  });
  if (choose.chance(20)) entries.push([choose.take(hostileText), choose.take(hostileJson)]);
  return ownKeys(entries);
}
