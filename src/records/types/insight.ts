import { createUnionType, ID, Int } from '../../type-graphql.js';
import { Field, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime } from '../scalars.js';

@RecordType('One lookup made with the Number Insight API (version 1), which ends on 2027-02-04.')
export class NumberInsightRecord extends UsageRecord {
  @Field(() => String, plain('Two-letter ISO country the number belongs to.'))
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When Vonage handled the lookup.'))
  readonly dateReceived!: string | null;

  @Field(() => String, personal('First name of the number\'s owner; the word "unknown" if Vonage has none.'))
  readonly firstName!: string | null;

  @Field(() => String, personal('Last name of the number\'s owner; the word "unknown" if Vonage has none.'))
  readonly lastName!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(() => String, plain('Kind of network the number belongs to, such as mobile.'))
  readonly networkType!: string | null;

  @Field(() => String, personal('Phone number that was looked up.'))
  readonly number!: string | null;

  @Field(() => String, personal('Whether the number changed networks, as a word such as not_ported.'))
  readonly ported!: string | null;

  @Field(
    () => String,
    plain("Vonage's internal name of the lookup level, such as PRODUCT_HLR_LOOKUP_FORMAT."),
  )
  readonly productType!: string | null;

  @Field(() => String, personal('Whether the handset was in reach, as a word such as present.'))
  readonly reachable!: string | null;

  @Field(() => ID, nullable('Identifier of the lookup request.'))
  readonly requestId!: string | null;

  @Field(() => String, plain('Result code of the lookup; 0 means success.'))
  readonly responseCode!: string | null;

  @Field(() => String, plain('Result of the lookup in words, such as Success.'))
  readonly status!: string | null;

  @Field(() => String, plain('Whether such a number can exist, as a word such as valid.'))
  readonly valid!: string | null;
}

@RecordType('One fraud-score or SIM-swap check of a number. Vonage no longer offers this product.')
export class NumberInsightV2Record extends UsageRecord {
  @Field(() => DateTime, nullable('When Vonage handled the check.'))
  readonly dateReceived!: string | null;

  @Field(() => String, plain('Name of the network, its code, or both.'))
  readonly networkName!: string | null;

  @Field(() => String, plain('Kind of line, such as MOBILE or VOIP; IS_FRAUDSCORE only.'))
  readonly networkType!: string | null;

  @Field(
    () => String,
    personal('Time since the last SIM swap as an ISO 8601 duration in hours, such as PT240H.'),
  )
  readonly noSimChangePeriod!: string | null;

  @Field(() => ID, nullable('Identifier of the check. Two rows can share it.'))
  readonly requestId!: string | null;

  @Field(() => String, plain('Kind of check: IS_FRAUDSCORE or IS_SIMSWAP.'))
  readonly requestType!: string | null;

  @Field(() => String, plain('Status code of the check, such as 200.'))
  readonly responseCode!: string | null;

  @Field(() => String, plain('The status in words, such as OK.'))
  readonly responseDescription!: string | null;

  @Field(() => String, personal('Risk of fraud: low, medium or high; IS_FRAUDSCORE only.'))
  readonly risk!: string | null;

  @Field(() => Int, personal('Risk of fraud from 0 to 100; IS_FRAUDSCORE only.'))
  readonly riskScore!: number | null;

  @Field(() => String, plain('Outcome of the check: SUCCESS or FAIL.'))
  readonly status!: string | null;

  @Field(
    () => Boolean,
    personal('Whether the SIM was swapped in the last seven days. Null when the check did not succeed.'),
  )
  readonly swapped!: boolean | null;
}

export const InsightRecord = createUnionType({
  name: 'InsightRecord',
  description: 'One lookup of a number, made with either version of the Number Insight API.',
  types: () => [NumberInsightRecord, NumberInsightV2Record] as const,
});
