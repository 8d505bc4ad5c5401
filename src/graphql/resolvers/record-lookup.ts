import { type ErrorCode, errorCatalogue } from '../../errors.js';
import { UsageRecord } from '../../records/base.js';
import { Field, ID, Int, ObjectType, registerEnumType } from '../../type-graphql.js';

/** How the lookup of one id ended. */
export enum LookupOutcome {
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
export class LookupError {
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
export class RecordResult {
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
