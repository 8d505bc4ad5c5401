import type { GraphQLResolveInfo } from 'graphql';
import { errorCatalogue, GatewayError } from '../../errors.js';
import type { Target } from '../../operation/operation-service.js';
import type { UsageRecord } from '../../records/base.js';
import type { SelectedContent } from '../../retrieval/lookup/lanes.js';
import type { Records } from '../../retrieval/record-store.js';
import type { OperationContext } from '../operation-context.js';
import { resolveScope, type Scope } from './record-arguments.js';
import { type LookupError, LookupOutcome, type RecordLookup, type RecordResult } from './record-lookup.js';
import { selectedContent } from './selected-content.js';

/** What one requested id came to. */
type Found =
  | { readonly requestedId: string; readonly records: Records }
  | { readonly requestedId: string; readonly error: unknown };

/**
 * Looks ids up side by side; one that is wrong or fails leaves the others as they are. Waits only if a lookup does: promises
 * for hundreds of ids that memory answers would cost more than their records.
 */
export function findAll(
  ids: readonly string[],
  targetOf: (id: string, argument: string) => Target,
  content: SelectedContent,
  { operation }: OperationContext,
): RecordLookup | Promise<RecordLookup> {
  const find = (requestedId: string, index: number): Found | Promise<Found> => {
    const toFound = (records: Records): Found => ({ requestedId, records });
    const toFailed = (error: unknown): Found => ({ requestedId, error });
    try {
      const records = operation.find(targetOf(requestedId, `ids[${index}]`), content);
      return records instanceof Promise ? records.then(toFound, toFailed) : toFound(records);
    } catch (error) {
      return toFailed(error);
    }
  };
  const found = ids.map(find);
  return found.every(isKnown)
    ? new FinishedLookup(found)
    : Promise.all(found).then((all) => new FinishedLookup(all));
}

function isKnown(found: Found | Promise<Found>): found is Found {
  return !(found instanceof Promise);
}

/** Derives each field from what was found, and only the fields that are selected. */
class FinishedLookup implements RecordLookup {
  readonly #found: readonly Found[];

  constructor(found: readonly Found[]) {
    this.#found = found;
  }

  get results(): RecordLookup['results'] {
    return this.#found.map(toResult);
  }

  get nodes(): RecordLookup['nodes'] {
    return this.#found.map((found) =>
      'error' in found ? (found.error as Error) : (found.records[0] ?? null),
    );
  }

  get idsNotFound(): RecordLookup['idsNotFound'] {
    const missing = this.#found.filter((found) => 'records' in found && found.records.length === 0);
    return [...new Set(missing.map(({ requestedId }) => requestedId))];
  }
}

function toResult(found: Found): RecordResult {
  const { requestedId } = found;
  if ('error' in found)
    return { requestedId, outcome: LookupOutcome.FAILED, records: [], error: toLookupError(found.error) };
  const { records } = found;
  return { requestedId, outcome: outcomeOf(records), records, error: null };
}

function outcomeOf(records: Records): LookupOutcome {
  if (records.isIncomplete) return LookupOutcome.INCOMPLETE;
  return records.length > 0 ? LookupOutcome.FOUND : LookupOutcome.NOT_FOUND;
}

/** Callers see the gateway's own errors as they are. Of any other error only the log has the text. */
function toLookupError(error: unknown): LookupError {
  const {
    code,
    message,
    retryAfterMs = null,
  } = error instanceof GatewayError
    ? error
    : { code: 'INTERNAL_SERVER_ERROR' as const, message: 'Something went wrong inside the gateway.' };
  return { code, message, isRetryable: errorCatalogue[code].retryable, retryAfterMs };
}

/** The first record of an id; null when no product that was searched has it. */
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
