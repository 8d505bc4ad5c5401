import { GatewayError } from '../errors.js';
import type { SelectedContent } from '../retrieval/record-request.js';
import type { OperationContext } from './operation-context.js';
import type { Target } from './record-arguments.js';
import type { Records } from './record-loader.js';
import type { RecordFailure, RecordLookup } from './record-look-up.js';

/** How one requested id ended. */
type Result =
  | { readonly id: string; readonly records: Records }
  | { readonly id: string; readonly error: Error };

/** Every record of a target, or the one row that its global id names. */
export async function findRecords(
  target: Target,
  content: SelectedContent,
  context: OperationContext,
): Promise<Records> {
  const { recordId, ...place } = target;
  const records = await context.records.load({ ...place, content });
  return recordId === null ? records : records.filter((record) => record.recordId === recordId);
}

/** Looks ids up side by side; one that is wrong or fails leaves the others as they are. */
export async function findAll(
  ids: readonly string[],
  targetOf: (id: string, argument: string) => Target,
  content: SelectedContent,
  context: OperationContext,
): Promise<RecordLookup> {
  const results = await Promise.all(
    ids.map(async (id, index): Promise<Result> => {
      try {
        return { id, records: await findRecords(targetOf(id, `ids[${index}]`), content, context) };
      } catch (error) {
        return { id, error: error as Error };
      }
    }),
  );
  return toLookup(results);
}

function toLookup(results: readonly Result[]): RecordLookup {
  const distinct = [...new Map(results.map((result) => [result.id, result])).values()];
  const matches = distinct.flatMap((result) => ('records' in result ? [result] : []));
  return {
    nodes: results.map((result) => ('error' in result ? result.error : (result.records[0] ?? null))),
    idsNotFound: matches.filter(({ records }) => records.length === 0).map(({ id }) => id),
    matches,
    failures: distinct.flatMap((result) => ('error' in result ? [toFailure(result.id, result.error)] : [])),
  };
}

/** An error of ours may be shown; anything else is a defect, whose words stay in the log. */
function toFailure(requestedId: string, error: Error): RecordFailure {
  if (error instanceof GatewayError) return { requestedId, code: error.code, message: error.message };
  return { requestedId, code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong inside the gateway.' };
}
