import type { GraphQLResolveInfo } from 'graphql';
import { type ErrorCode, errorCatalogue, GatewayError } from '../../errors.js';
import type { Target } from '../../operation/operation-service.js';
import { UsageRecord } from '../../records/base.js';
import type { SelectedContent } from '../../retrieval/lookup/lanes.js';
import type { Records } from '../../retrieval/record-store.js';
import { Field, ID, Int, ObjectType, registerEnumType } from '../../type-graphql.js';
import type { OperationContext } from '../operation-context.js';
import { resolveScope, type Scope } from './record-arguments.js';
import { selectedContent } from './selected-content.js';

/** How the lookup of one id ended. */
enum LookupOutcome {
  FOUND = 'FOUND',
  NOT_FOUND = 'NOT_FOUND',
  INCOMPLETE = 'INCOMPLETE',
  FAILED = 'FAILED',
}

registerEnumType(LookupOutcome, {
  name: 'LookupOutcome',
  description: 'How the lookup of one id ended.',
  valuesConfig: {
    FOUND: { description: 'Vonage has at least one record of the id.' },
    NOT_FOUND: { description: 'No product that was searched has a record of the id.' },
    INCOMPLETE: {
      description: 'Vonage cut its response; the id can have more records than those in the result.',
    },
    FAILED: { description: 'The lookup failed; `error` says why. The other ids are not affected.' },
  },
});

const codes = Object.keys(errorCatalogue) as ErrorCode[];

/** The codes of the catalogue as a GraphQL enum. */
const errorCodes = Object.fromEntries(codes.map((code) => [code, code]));

registerEnumType(errorCodes, {
  name: 'ErrorCode',
  description: 'Why a lookup failed; the same codes as in `extensions.code`. A minor version can add codes.',
  valuesConfig: Object.fromEntries(
    codes.map((code) => [code, { description: errorCatalogue[code].meaning }]),
  ),
});

@ObjectType({ description: 'Why the lookup of one id failed.', simpleResolvers: true })
class LookupError {
  @Field(() => errorCodes, { description: 'Code of the error, from the same list as `extensions.code`.' })
  readonly code!: ErrorCode;

  @Field(() => String, { description: 'What went wrong, and what to do.' })
  readonly message!: string;

  @Field(() => Boolean, { description: 'Whether the same lookup can succeed later.' })
  readonly isRetryable!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds after which a retry makes sense. Null when no time is known.',
  })
  readonly retryAfterMs!: number | null;
}

@ObjectType({ description: 'What the lookup of one requested id came to.', simpleResolvers: true })
class RecordResult {
  @Field(() => ID, { description: 'The id as the caller wrote it.' })
  readonly requestedId!: string;

  @Field(() => LookupOutcome, { description: 'How the lookup of this id ended.' })
  readonly outcome!: LookupOutcome;

  @Field(() => [UsageRecord], {
    description:
      'Every record of the id: one id can have several. Empty unless `outcome` is FOUND or INCOMPLETE.',
  })
  readonly records!: readonly UsageRecord[];

  @Field(() => LookupError, {
    nullable: true,
    description: 'Why the lookup failed. Null unless `outcome` is FAILED.',
  })
  readonly error!: LookupError | null;
}

@ObjectType({ description: 'The result of a lookup of several ids.', simpleResolvers: true })
export class RecordLookup {
  @Field(() => [RecordResult], {
    description:
      'One entry per requested id, in the order of the request, duplicates repeated. A failed id is an entry like any other ' +
      'and raises no GraphQL error.',
  })
  readonly results!: readonly RecordResult[];

  @Field(() => [UsageRecord], {
    nullable: 'items',
    description:
      'The first record of each requested id, in the order of the request, duplicates repeated. Null where it was not ' +
      'found or failed; a failure is also a GraphQL error at its entry.',
  })
  readonly nodes!: readonly (UsageRecord | Error | null)[];

  @Field(() => [ID], {
    description: 'Ids without a record, as the caller wrote them; only those that Vonage answered for.',
  })
  readonly idsNotFound!: readonly string[];
}

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

/** The first record of an id, at once where memory knows it; null when no product that was searched has it. */
export function findOne(
  id: string,
  scope: Scope,
  context: OperationContext,
  info: GraphQLResolveInfo,
): UsageRecord | null | Promise<UsageRecord | null> {
  const target = resolveScope(scope, context.rules)(id, 'id');
  const found = context.operation.find(target, selectedContent(info, context));
  return found instanceof Promise ? found.then(firstOf) : firstOf(found);
}

function firstOf([first]: Records): UsageRecord | null {
  return first ?? null;
}
