import { createUnionType, Field, ID } from '../../type-graphql.js';
import { nullable, RecordType, UsageRecord } from '../base.js';
import { DateTime } from '../scalars.js';

@RecordType('One look-up made with the Number Insight API (version 1).')
export class NumberInsightRecord extends UsageRecord {
  @Field(() => String, nullable('Two-letter ISO country the number belongs to.'))
  readonly country!: string | null;

  @Field(() => String, nullable('Readable name of the country of the number.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('Moment Vonage handled the look-up.'))
  readonly dateReceived!: string | null;

  @Field(() => String, nullable("First name of the number's owner, where it is known."))
  readonly firstName!: string | null;

  @Field(() => String, nullable("Last name of the number's owner, where it is known."))
  readonly lastName!: string | null;

  @Field(
    () => String,
    nullable('Code of the network of the number: usually MCC and MNC, sometimes words as US-FIXED.'),
  )
  readonly network!: string | null;

  @Field(() => String, nullable('Readable name of the network of the number.'))
  readonly networkName!: string | null;

  @Field(() => String, nullable('Kind of network the number belongs to, such as mobile.'))
  readonly networkType!: string | null;

  @Field(() => String, nullable('Phone number that was looked up.'))
  readonly number!: string | null;

  @Field(() => String, nullable('Whether the number changed networks, as a word such as not_ported.'))
  readonly ported!: string | null;

  @Field(() => String, nullable("Vonage's own name for the level of the look-up, such as HLR-LOOKUP."))
  readonly productType!: string | null;

  @Field(() => String, nullable('Whether the handset was in reach, as a word such as present.'))
  readonly reachable!: string | null;

  @Field(() => ID, nullable('Identifier of the look-up request.'))
  readonly requestId!: string | null;

  @Field(() => String, nullable('Code for how the look-up went; 0 stands for success.'))
  readonly responseCode!: string | null;

  @Field(() => String, nullable('How the look-up went in words, such as Success.'))
  readonly status!: string | null;

  @Field(() => String, nullable('Whether such a number can exist, as a word such as valid.'))
  readonly valid!: string | null;
}

@RecordType(
  'One look-up made with the Number Insight API (version 2). Vonage publishes no fields: these are inferred.',
)
export class NumberInsightV2Record extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the look-up request.'))
  readonly requestId!: string | null;

  @Field(() => String, nullable('What the look-up was for, such as fraud-score.'))
  readonly requestType!: string | null;

  @Field(() => String, nullable('Phone number that was looked up.'))
  readonly number!: string | null;

  @Field(() => String, nullable('Two-letter ISO country the number belongs to.'))
  readonly country!: string | null;

  @Field(
    () => String,
    nullable('Code of the network of the number: usually MCC and MNC, sometimes words as US-FIXED.'),
  )
  readonly network!: string | null;

  @Field(() => String, nullable('How the look-up went. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(() => String, nullable('How risky the number was judged to be, such as high.'))
  readonly risk!: string | null;

  @Field(() => Boolean, nullable('True if the SIM or the network of the number changed recently.'))
  readonly swapped!: boolean | null;

  @Field(() => DateTime, nullable('Moment Vonage handled the look-up.'))
  readonly dateReceived!: string | null;
}

export const InsightRecord = createUnionType({
  name: 'InsightRecord',
  description: 'One look-up of a number, made with either version of the Number Insight API.',
  types: () => [NumberInsightRecord, NumberInsightV2Record] as const,
});
