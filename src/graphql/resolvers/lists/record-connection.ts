import { UsageRecord } from '../../../records/base.js';
import { Field, ObjectType } from '../../../type-graphql.js';

@ObjectType({ description: 'A record of a list, and its place.', simpleResolvers: true })
export class RecordEdge {
  @Field(() => String, {
    description: 'The place behind this record, for the argument `after`. Opaque; never build or parse one.',
  })
  readonly cursor!: string;

  @Field(() => UsageRecord, { description: 'The record.' })
  readonly node!: UsageRecord;
}

@ObjectType({ description: 'Where a list stands, and whether it goes on.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more records follow.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Always false: lists are read forward only.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first record. Null without records.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The place at which the list goes on, for the argument `after`. Null at the end of an empty list.',
  })
  readonly endCursor!: string | null;
}

@ObjectType({
  description:
    'Records of one product and account in a window of time, the earliest first within a page of Vonage. The order across ' +
    'pages is not promised. Vonage does not count the records of a window, so there is no total.',
  simpleResolvers: true,
})
export class RecordConnection {
  @Field(() => [RecordEdge], {
    description: 'The records with their cursors. Fewer than `first` where a page of Vonage ends.',
  })
  readonly edges!: readonly (RecordEdge | Promise<RecordEdge>)[];

  @Field(() => [UsageRecord], { description: 'The records without their cursors.' })
  readonly nodes!: readonly (UsageRecord | Promise<UsageRecord>)[];

  @Field(() => PageInfo, { description: 'Where the list stands, and whether it goes on.' })
  readonly pageInfo!: PageInfo;
}
