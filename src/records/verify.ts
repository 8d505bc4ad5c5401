import { GraphQLDateTime } from 'graphql-scalars';
import { Extensions, Field, ID, Int } from '../type-graphql.js';
import { Decimal } from './decimal.js';
import { nullable } from './nullable.js';
import { RecordType } from './record-type.js';
import { UsageRecord } from './usage-record.js';

@RecordType('One verification made with the Verify API (version 1).')
export class VerifyApiRecord extends UsageRecord {
  @Field(() => String, nullable('Two-letter ISO country of the number being verified.'))
  readonly country!: string | null;

  @Field(() => String, nullable('Readable name of the country of the number.'))
  readonly countryName!: string | null;

  @Field(() => GraphQLDateTime, nullable('Moment the verification ended; null while it runs.'))
  readonly dateFinalized!: Date | null;

  @Field(() => GraphQLDateTime, nullable('Moment Vonage accepted the request.'))
  readonly dateReceived!: Date | null;

  @Field(() => Decimal, nullable('Price expected before the outcome was known, in `currency`.'))
  readonly estimatedPrice!: string | null;

  @Field(() => GraphQLDateTime, nullable('Moment the first code went out.'))
  readonly firstEventDate!: Date | null;

  @Field(() => String, nullable('Sender name or number used for the codes.'))
  readonly from!: string | null;

  @Field(() => GraphQLDateTime, nullable('Moment the latest code went out.'))
  readonly lastEventDate!: Date | null;

  @Field(() => String, nullable('Language the code was delivered in, such as en-gb.'))
  readonly locale!: string | null;

  @Field(() => String, nullable('Code of the network of the number: usually MCC and MNC, sometimes words as US-FIXED.'))
  readonly network!: string | null;

  @Field(() => String, nullable('Readable name of the network of the number.'))
  readonly networkName!: string | null;

  @Field(() => String, nullable('Kind of number verified, such as MOBILE.'))
  readonly numberType!: string | null;

  @Field(() => Decimal, nullable('Price of the verification, in `currency`; this product has no other total.'))
  readonly price!: string | null;

  @Field(() => String, nullable('Pricing scheme that applied.'))
  readonly pricingModel!: string | null;

  @Field(() => ID, nullable('Identifier of the verification request.'))
  readonly requestId!: string | null;

  @Field(() => Int, nullable('Number of codes sent by SMS.'))
  readonly smsEventCount!: number | null;

  @Field(() => Decimal, nullable('Cost of the codes sent by SMS, in `currency`.'))
  readonly smsPrice!: string | null;

  @Extensions({ wire: ['status', 'verify_status'] })
  @Field(() => String, nullable('Outcome of the verification, such as SUCCESS. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(() => String, nullable('Number that was verified.'))
  readonly to!: string | null;

  @Extensions({ wire: ['total_price', 'price'] })
  @Field(() => Decimal, nullable('Amount charged for the verification, in `currency`: `price` under the common name.'))
  override readonly totalPrice!: string | null;

  @Field(() => Int, nullable('Number of codes spoken in a call.'))
  readonly ttsEventCount!: number | null;

  @Field(() => Decimal, nullable('Cost of the codes spoken in a call, in `currency`.'))
  readonly ttsPrice!: string | null;
}
