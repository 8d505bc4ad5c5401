import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../../errors.js';
import { authorize, isVisibleTo } from '../../operation/authorize.js';
import type { Records } from '../../operation/record-loader.js';
import type { UsageRecord } from '../../records/base.js';
import type { SelectedContent } from '../../retrieval/lookup/lanes.js';
import type { OperationContext } from '../operation-context.js';
import { resolveScope, type Scope, type Target } from './record-arguments.js';
import type { RecordFailure, RecordLookup } from './record-lookup.js';
import { selectedContent } from './selected-content.js';

/** How one requested id ended. */
type Result =
  | { readonly id: string; readonly records: Records }
  | { readonly id: string; readonly error: Error };

/**
 * Every record of a target, or the one row that its global id names; at once where memory has them. Throws FORBIDDEN for
 * what the caller may not read.
 */
export function findRecords(
  { rowId, id, accountId, products, direction }: Target,
  content: SelectedContent,
  { principal, records: loader }: OperationContext,
): Records | Promise<Records> {
  const readable = authorize({ accountId, products }, principal);
  const records = loader.load({ id, accountId, products: readable, direction, content });
  if (rowId === null && principal.accounts === 'any') return records;
  const isMeant = (record: UsageRecord) =>
    (rowId === null || record.rowId === rowId) && isVisibleTo(record, accountId, principal);
  const meant = (all: Records) => (all.every(isMeant) ? all : all.filter(isMeant));
  return records instanceof Promise ? records.then(meant) : meant(records);
}

/**
 * Looks ids up side by side; one that is wrong or fails leaves the others as they are. No promise is made when memory
 * has them all, since a promise an id is what such an answer would mostly cost.
 */
export function findAll(
  ids: readonly string[],
  targetOf: (id: string, argument: string) => Target,
  content: SelectedContent,
  context: OperationContext,
): RecordLookup | Promise<RecordLookup> {
  const results = ids.map((id, index) =>
    resultOf(id, () => findRecords(targetOf(id, `ids[${index}]`), content, context)),
  );
  return results.every(isReady) ? new FinishedLookup(results) : Promise.all(results).then(finished);
}

function resultOf(id: string, find: () => Records | Promise<Records>): Result | Promise<Result> {
  const failed = (error: unknown): Result => ({ id, error: error as Error });
  try {
    const records = find();
    return records instanceof Promise
      ? records.then((found): Result => ({ id, records: found }), failed)
      : { id, records };
  } catch (error) {
    return failed(error);
  }
}

function isReady(result: Result | Promise<Result>): result is Result {
  return !(result instanceof Promise);
}

function finished(results: readonly Result[]): RecordLookup {
  return new FinishedLookup(results);
}

/** Gathers what is selected of the results, and only that. */
class FinishedLookup implements RecordLookup {
  readonly #results: readonly Result[];

  constructor(results: readonly Result[]) {
    this.#results = results;
  }

  get nodes(): RecordLookup['nodes'] {
    return this.#results.map((result) => ('error' in result ? result.error : (result.records[0] ?? null)));
  }

  get idsNotFound(): RecordLookup['idsNotFound'] {
    return this.matches.filter(({ records }) => records.length === 0).map(({ id }) => id);
  }

  get matches(): RecordLookup['matches'] {
    return this.#distinct.flatMap((result) => ('records' in result ? [result] : []));
  }

  get failures(): RecordLookup['failures'] {
    return this.#distinct.flatMap((result) =>
      'error' in result ? [toFailure(result.id, result.error)] : [],
    );
  }

  get #distinct(): readonly Result[] {
    return [...new Map(this.#results.map((result) => [result.id, result])).values()];
  }
}

/** An error of ours may be shown; anything else is a defect, whose words stay in the log. */
function toFailure(requestedId: string, error: Error): RecordFailure {
  if (error instanceof GatewayError) return { requestedId, code: error.code, message: error.message };
  return { requestedId, code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong inside the gateway.' };
}

/** The first record of an id; null when nothing that was looked in knows it. */
export async function findOne(
  id: string,
  scope: Scope,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<UsageRecord | null> {
  const target = resolveScope(scope, context.rules)(id, 'id');
  const [first] = await findRecords(target, selectedContent(info, context), context);
  return first ?? null;
}
