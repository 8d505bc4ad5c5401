import { UsageRecord } from '../../records/base.js';
import { Field, ID, ObjectType } from '../../type-graphql.js';

@ObjectType({ description: 'All records of one id.', simpleResolvers: true })
export class RecordMatch {
  @Field(() => ID, { description: 'The id as the caller wrote it.' })
  readonly id!: string;

  @Field(() => [UsageRecord], {
    description: 'Every record of the id: one id may have several. Empty when not found.',
  })
  readonly records!: readonly UsageRecord[];
}

@ObjectType({ description: 'An id that could not be looked up, and why.', simpleResolvers: true })
export class RecordFailure {
  @Field(() => ID, { description: 'The id as the caller wrote it.' })
  readonly requestedId!: string;

  @Field(() => String, { description: 'Code of the error, from the same list as `extensions.code`.' })
  readonly code!: string;

  @Field(() => String, { description: 'What went wrong, and what to do.' })
  readonly message!: string;
}

@ObjectType({ description: 'The result of a lookup of several ids.', simpleResolvers: true })
export class RecordLookup {
  @Field(() => [UsageRecord], {
    nullable: 'items',
    description:
      'One entry per requested id, in the order of the request, duplicates repeated: the first record of the id. ' +
      'Null where it was not found, or failed; a failure is also an error at its entry.',
  })
  readonly nodes!: readonly (UsageRecord | Error | null)[];

  @Field(() => [ID], {
    description: 'Ids without a record, as the caller wrote them; only those that Vonage answered for.',
  })
  readonly idsNotFound!: readonly string[];

  @Field(() => [RecordMatch], {
    description: 'Each distinct requested id with every record of it; ids that failed are left out.',
  })
  readonly matches!: readonly RecordMatch[];

  @Field(() => [RecordFailure], {
    description: 'Each distinct requested id that failed. The others are not affected.',
  })
  readonly failures!: readonly RecordFailure[];
}
