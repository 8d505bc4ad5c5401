import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../../errors.js';
import type { Target } from '../../operation/operation-service.js';
import type { UsageRecord } from '../../records/base.js';
import type { SelectedContent } from '../../retrieval/lookup/lanes.js';
import type { Records } from '../../retrieval/record-store.js';
import type { OperationContext } from '../operation-context.js';
import { resolveScope, type Scope } from './record-arguments.js';
import type { RecordFailure, RecordLookup } from './record-lookup.js';
import { selectedContent } from './selected-content.js';

/** How one requested id ended. */
type Result =
  | { readonly id: string; readonly records: Records }
  | { readonly id: string; readonly error: Error };

/** Looks ids up side by side; one that is wrong or fails leaves the others as they are. */
export async function findAll(
  ids: readonly string[],
  targetOf: (id: string, argument: string) => Target,
  content: SelectedContent,
  { operation }: OperationContext,
): Promise<RecordLookup> {
  const resultOf = async (id: string, index: number): Promise<Result> => {
    try {
      return { id, records: await operation.find(targetOf(id, `ids[${index}]`), content) };
    } catch (error) {
      return { id, error: error as Error };
    }
  };
  return new FinishedLookup(await Promise.all(ids.map(resultOf)));
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
  const [first] = await context.operation.find(target, selectedContent(info, context));
  return first ?? null;
}
