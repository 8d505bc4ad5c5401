import { Extensions, ID, Int, registerEnumType } from '../../type-graphql.js';
import { RecordType, UsageRecord } from '../base.js';
import { Field, nullable, personal, plain } from '../field.js';
import { DateTime, Decimal, JSONObject } from '../scalars.js';

export enum ReportsJobType {
  SYNC_JOB_FROM_ID = 'SYNC_JOB_FROM_ID',
  SYNC_JOB_FROM_DATES = 'SYNC_JOB_FROM_DATES',
  ASYNC_JOB = 'ASYNC_JOB',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(ReportsJobType, {
  name: 'ReportsJobType',
  description: 'How usage records were asked for.',
  valuesConfig: {
    SYNC_JOB_FROM_ID: { description: 'By id, answered at once.' },
    SYNC_JOB_FROM_DATES: { description: 'By dates, answered at once.' },
    ASYNC_JOB: { description: 'As a report to be downloaded later.' },
    UNRECOGNIZED: { description: 'A way that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One request for usage records: what this gateway itself causes.')
export class ReportsUsageRecord extends UsageRecord {
  @Extensions({ derived: true })
  @Field(() => ID, {
    description:
      'API key of the account whose records were requested. `callerAccountId` is the account that requested them.',
  })
  override readonly accountId!: string;

  @Extensions({ wire: 'acc' })
  @Field(() => ID, nullable('API key that made the request. It can differ from `accountId`.'))
  readonly callerAccountId!: string | null;

  @Field(() => DateTime, nullable('When the report was finished.'))
  readonly dateFinished!: string | null;

  @Field(() => DateTime, nullable('When the request was made.'))
  readonly dateReceived!: string | null;

  @Field(
    () => DateTime,
    nullable('When Vonage began to work on it. Can be null when Vonage answered at once.'),
  )
  readonly dateStarted!: string | null;

  @Field(() => Boolean, nullable('True if the report was charged for.'))
  readonly isCharged!: boolean | null;

  @Field(() => Int, nullable('Number of records in the report.'))
  readonly itemsWritten!: number | null;

  @Field(() => ReportsJobType, nullable('How the records were asked for.'))
  readonly jobType!: ReportsJobType | null;

  @Field(() => ID, nullable('API key of the parent account; that of the account itself where it has none.'))
  readonly masterAccountId!: string | null;

  @Field(() => Decimal, nullable('Price per returned record, in `currency`.'))
  readonly price!: string | null;

  @Field(() => String, plain('Always "reports".'))
  readonly productType!: string | null;

  @Field(
    () => JSONObject,
    personal('Parameters of the request under their wire names, such as product and date_start.'),
  )
  readonly requestParams!: Readonly<Record<string, unknown>> | null;

  @Extensions({ wire: ['requested_product', 'request_product'] })
  @Field(() => String, plain('Product whose records were requested, such as SMS.'))
  readonly requestedProduct!: string | null;

  @Field(() => String, plain('How the request went, such as SUCCESS. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => Decimal, nullable('Amount charged for the whole report, in `currency`.'))
  override readonly totalPrice!: string | null;
}
