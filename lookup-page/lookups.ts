import {
  dryRunHeaders,
  failureOf,
  idsPerPlan,
  type ListData,
  type LookupData,
  type LookupEntry,
  listDocument,
  lookupDocument,
  type OperationResponse,
  RefusedOperation,
} from '../src/records-client/operations.js';
import type { Fields, TableRecord, TableRow } from './fields.js';
import { runOperation } from './gateway.js';

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
  /** Why a page of a list lacks records. */
  readonly fault?: string | undefined;
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

/** What each record of the table needs, besides its columns. */
function columnsOf(selection: string): string {
  return `__typename id vonageId ${selection}`;
}

async function lookUp(
  ids: readonly string[],
  { product, direction }: IdsQuestion,
  { selection }: Fields,
): Promise<Result> {
  const variables = { ids, product: optional(product), direction: optional(direction) };
  const response = await runOperation<LookupData<TableRecord>>(
    lookupDocument(columnsOf(selection)),
    variables,
  );
  const results = response.data?.records.results ?? [];
  return {
    rows: results.flatMap(({ requestedId, records }) => records.map((record) => ({ requestedId, record }))),
    misses: results.flatMap((result) => missOf(result) ?? []),
    asked: ids.length,
    after: null,
    ...spentOf(response),
  };
}

function missOf(entry: LookupEntry<TableRecord>): Miss | undefined {
  const { requestedId: id, outcome } = entry;
  const failure = failureOf(entry);
  if (failure !== undefined) return { id, reason: failure, isFailure: true };
  return outcome === 'FOUND' ? undefined : { id, reason: 'Not found', isFailure: false };
}

function windowOf({ product, direction, since, until }: DatesQuestion) {
  return { product, direction: optional(direction), since, until: optional(until), first: recordsPerPage };
}

async function page(question: DatesQuestion, { selection }: Fields, after: string | null): Promise<Result> {
  const variables = { ...windowOf(question), after };
  const response = await runOperation<ListData<TableRecord>>(listDocument(columnsOf(selection)), variables);
  const { nodes = [], pageInfo } = response.data?.recordsByDate ?? {};
  return {
    rows: nodes.map((record) => ({ requestedId: record.vonageId, record })),
    misses: [],
    asked: nodes.length,
    after: pageInfo?.hasNextPage ? pageInfo.endCursor : null,
    fault: response.errors[0]?.message,
    ...spentOf(response),
  };
}

function spentOf({ extensions }: OperationResponse<unknown>): Pick<Result, 'calls' | 'recordsBilled'> {
  const { calls, recordsBilled } = extensions.vonage ?? {};
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
    fault: other.fault ?? one.fault,
  };
}

async function costOfIds({ ids, product, direction }: IdsQuestion): Promise<Cost> {
  let callsAtMost = 0;
  let cached = 0;
  for (let index = 0; index < ids.length; index += idsPerPlan) {
    const part = ids.slice(index, index + idsPerPlan);
    const variables = { ids: part, product: optional(product), direction: optional(direction) };
    const { extensions } = await runOperation(lookupDocument('__typename'), variables, dryRunHeaders);
    callsAtMost += extensions.vonage?.plan?.callsAtMost ?? 0;
    cached += extensions.vonage?.plan?.cacheHits ?? 0;
  }
  return { ids: ids.length, callsAtMost, cached };
}

async function costOfPage(question: DatesQuestion): Promise<Cost> {
  const variables = { ...windowOf(question), after: null };
  const { extensions } = await runOperation(listDocument('__typename'), variables, dryRunHeaders);
  const recordsAtMost = extensions.vonage?.plan?.pages?.recordsAtMost;
  return { ids: undefined, callsAtMost: 1, cached: 0, recordsAtMost };
}
