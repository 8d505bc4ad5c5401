import type { Fields, TableRecord, TableRow } from './fields.js';
import { RefusedOperation, runOperation } from './gateway.js';

/** What a person asks for. */
export type Question =
  | {
      readonly kind: 'ids';
      readonly ids: readonly string[];
      readonly product: string;
      readonly direction: string;
    }
  | {
      readonly kind: 'dates';
      readonly product: string;
      readonly direction: string;
      readonly since: string;
      readonly until: string;
    };

/** An id without a record, and why. */
export interface Miss {
  readonly id: string;
  readonly reason: string;
  readonly isFailure: boolean;
}

/** What a question has come to so far. */
export interface Result {
  readonly rows: readonly TableRow[];
  readonly misses: readonly Miss[];
  readonly asked: number;
  /** Undefined for a caller who may not see what an operation costs. */
  readonly calls: number | undefined;
  readonly recordsBilled: number | undefined;
  /** Where a list by date goes on; null at its end. */
  readonly after: string | null;
}

/** What a question would cost; undefined figures are not told to this caller. */
export interface Cost {
  readonly ids: number | undefined;
  readonly callsAtMost: number | undefined;
  readonly cached: number | undefined;
  /** Of a list: records that its first page may be billed with. */
  readonly recordsAtMost?: number | undefined;
}

export const emptyResult: Result = {
  rows: [],
  misses: [],
  asked: 0,
  calls: 0,
  recordsBilled: 0,
  after: null,
};

/** Ids of one operation; ten full calls to Vonage. */
const idsPerOperation = 200;
/** Records of one page of a list by date. */
const recordsPerPage = 500;

/** Looks the question up and hands over the result as it grows. */
export async function look(
  question: Question,
  fields: Fields,
  before: Result,
  onResult: (result: Result) => void,
): Promise<void> {
  if (question.kind === 'dates') return onResult(merge(before, await page(question, fields, before.after)));
  let result = before;
  for (let index = 0; index < question.ids.length; index += idsPerOperation) {
    const ids = question.ids.slice(index, index + idsPerOperation);
    result = merge(result, await lookUp(ids, question, fields));
    onResult(result);
  }
}

/** Finds out what a question may cost, without a call to Vonage. */
export async function costOf(question: Question): Promise<Cost> {
  try {
    return question.kind === 'ids' ? await costOfIds(question) : await costOfPage(question);
  } catch (error) {
    // A caller without the scope `explain` is not told, and may ask all the same.
    if (error instanceof RefusedOperation && error.code === 'FORBIDDEN')
      return {
        ids: question.kind === 'ids' ? question.ids.length : undefined,
        callsAtMost: undefined,
        cached: undefined,
      };
    throw error;
  }
}

type IdsQuestion = Extract<Question, { kind: 'ids' }>;
type DatesQuestion = Extract<Question, { kind: 'dates' }>;

const optional = (text: string) => (text === '' ? null : text);

function idsDocument(selection: string): string {
  return `query LookUp($ids: [ID!]!, $product: VonageProduct, $direction: TrafficDirection) {
  records(ids: $ids, product: $product, direction: $direction) {
    results { requestedId outcome records { __typename id vonageId ${selection} } error { message } }
  }
}`;
}

function datesDocument(selection: string): string {
  return `query List($product: VonageProduct!, $direction: TrafficDirection, $since: DateTime!, $until: DateTime, $first: Int!, $after: String) {
  recordsByDate(product: $product, direction: $direction, since: $since, until: $until, first: $first, after: $after) {
    nodes { __typename id vonageId ${selection} }
    pageInfo { hasNextPage endCursor }
  }
}`;
}

interface IdsData {
  readonly records: {
    readonly results: readonly {
      readonly requestedId: string;
      readonly outcome: 'FOUND' | 'NOT_FOUND' | 'INCOMPLETE' | 'FAILED';
      readonly records: readonly TableRecord[];
      readonly error: { readonly message: string } | null;
    }[];
  };
}

interface DatesData {
  readonly recordsByDate: {
    readonly nodes: readonly TableRecord[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

async function lookUp(
  ids: readonly string[],
  { product, direction }: IdsQuestion,
  { selection }: Fields,
): Promise<Result> {
  const variables = { ids, product: optional(product), direction: optional(direction) };
  const { data, extensions } = await runOperation<IdsData>(idsDocument(selection), variables);
  const results = data?.records.results ?? [];
  return {
    rows: results.flatMap(({ requestedId, records }) => records.map((record) => ({ requestedId, record }))),
    misses: results.flatMap((result) => missOf(result) ?? []),
    asked: ids.length,
    after: null,
    ...spentOf(extensions.vonage),
  };
}

function missOf({
  requestedId: id,
  outcome,
  error,
}: IdsData['records']['results'][number]): Miss | undefined {
  if (outcome === 'FOUND') return undefined;
  if (outcome === 'NOT_FOUND') return { id, reason: 'Not found', isFailure: false };
  if (outcome === 'INCOMPLETE')
    return { id, reason: 'Vonage returned only a part of its records', isFailure: true };
  return { id, reason: error?.message ?? 'Failed', isFailure: true };
}

function windowOf({ product, direction, since, until }: DatesQuestion) {
  return { product, direction: optional(direction), since, until: optional(until), first: recordsPerPage };
}

async function page(question: DatesQuestion, { selection }: Fields, after: string | null): Promise<Result> {
  const variables = { ...windowOf(question), after };
  const { data, extensions } = await runOperation<DatesData>(datesDocument(selection), variables);
  const { nodes = [], pageInfo } = data?.recordsByDate ?? {};
  return {
    rows: nodes.map((record) => ({ requestedId: record.vonageId, record })),
    misses: [],
    asked: nodes.length,
    after: pageInfo?.hasNextPage ? pageInfo.endCursor : null,
    ...spentOf(extensions.vonage),
  };
}

function spentOf(usage: unknown): Pick<Result, 'calls' | 'recordsBilled'> {
  const { calls, recordsBilled } = (usage ?? {}) as Partial<Pick<Result, 'calls' | 'recordsBilled'>>;
  return { calls, recordsBilled };
}

function merge(one: Result, other: Result): Result {
  const sum = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a + b;
  return {
    rows: [...one.rows, ...other.rows],
    misses: [...one.misses, ...other.misses],
    asked: one.asked + other.asked,
    calls: sum(one.calls, other.calls),
    recordsBilled: sum(one.recordsBilled, other.recordsBilled),
    after: other.after,
  };
}

interface PlanReport {
  readonly plan?: {
    readonly callsAtMost: number;
    readonly cacheHits: number;
    readonly pages?: { readonly recordsAtMost: number };
  };
}

const dryRun = { 'x-dry-run': '1' };

async function costOfIds({ ids, product, direction }: IdsQuestion): Promise<Cost> {
  let callsAtMost = 0;
  let cached = 0;
  for (let index = 0; index < ids.length; index += idsPerOperation) {
    const part = ids.slice(index, index + idsPerOperation);
    const variables = { ids: part, product: optional(product), direction: optional(direction) };
    const { extensions } = await runOperation(idsDocument(''), variables, dryRun);
    const { plan } = (extensions.vonage ?? {}) as PlanReport;
    callsAtMost += plan?.callsAtMost ?? 0;
    cached += plan?.cacheHits ?? 0;
  }
  return { ids: ids.length, callsAtMost, cached };
}

async function costOfPage(question: DatesQuestion): Promise<Cost> {
  const variables = { ...windowOf(question), after: null };
  const { extensions } = await runOperation(datesDocument(''), variables, dryRun);
  const { plan } = (extensions.vonage ?? {}) as PlanReport;
  return { ids: undefined, callsAtMost: 1, cached: 0, recordsAtMost: plan?.pages?.recordsAtMost };
}
