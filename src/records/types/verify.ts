import { createUnionType, Extensions, ID, Int, registerEnumType } from '../../type-graphql.js';
import { Field, freeText, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal } from '../scalars.js';

export enum VerifyChannel {
  V2 = 'v2',
  EMAIL = 'email',
  SILENT_AUTH = 'silent_auth',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(VerifyChannel, {
  name: 'VerifyChannel',
  description: 'What a row of the Verify API (version 2) stands for.',
  valuesConfig: {
    V2: { description: 'A whole verification request.' },
    EMAIL: { description: 'One code sent by email within a request.' },
    SILENT_AUTH: { description: 'One attempt at silent authentication within a request.' },
    UNRECOGNIZED: { description: 'A channel that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One verification made with the Verify API (version 1).')
export class VerifyApiRecord extends UsageRecord {
  @Field(() => String, plain('Two-letter ISO country of the number being verified.'))
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When the verification ended. Null while it runs.'))
  readonly dateFinalized!: string | null;

  @Field(() => DateTime, nullable('When Vonage accepted the request.'))
  readonly dateReceived!: string | null;

  @Field(() => Decimal, nullable('Price expected before the outcome was known, in `currency`.'))
  readonly estimatedPrice!: string | null;

  @Field(() => DateTime, nullable('When the first code was sent.'))
  readonly firstEventDate!: string | null;

  @Field(() => String, personal('Sender name or number used for the codes.'))
  readonly from!: string | null;

  @Field(() => DateTime, nullable('When the latest code was sent.'))
  readonly lastEventDate!: string | null;

  @Field(() => String, plain('Language the code was delivered in, such as en-gb.'))
  readonly locale!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(() => String, plain('Kind of number verified, such as MOBILE.'))
  readonly numberType!: string | null;

  @Field(
    () => Decimal,
    nullable('Price of the verification, in `currency`; this product has no other total.'),
  )
  readonly price!: string | null;

  @Field(() => String, plain('Pricing scheme that applied.'))
  readonly pricingModel!: string | null;

  @Field(() => ID, nullable('Identifier of the verification request.'))
  readonly requestId!: string | null;

  @Field(() => Int, nullable('Number of codes sent by SMS.'))
  readonly smsEventCount!: number | null;

  @Field(() => Decimal, nullable('Cost of the codes sent by SMS, in `currency`.'))
  readonly smsPrice!: string | null;

  @Extensions({ wire: ['status', 'verify_status'] })
  @Field(
    () => String,
    plain('Outcome of the verification, such as SUCCESS. Vonage publishes no closed list.'),
  )
  readonly status!: string | null;

  @Field(() => String, personal('Number that was verified.'))
  readonly to!: string | null;

  @Extensions({ wire: ['total_price', 'price'] })
  @Field(
    () => Decimal,
    nullable('Amount charged for the verification, in `currency`: `price` under the common name.'),
  )
  override readonly totalPrice!: string | null;

  @Field(() => Int, nullable('Number of codes spoken in a call.'))
  readonly ttsEventCount!: number | null;

  @Field(() => Decimal, nullable('Cost of the codes spoken in a call, in `currency`.'))
  readonly ttsPrice!: string | null;
}

@RecordType(
  'One verification made with the Verify API (version 2), or one email or silent-authentication event of it.',
)
export class VerifyV2Record extends UsageRecord {
  @Field(() => VerifyChannel, nullable('Whether this row is a whole request or one event of a request.'))
  readonly channel!: VerifyChannel | null;

  @Field(() => String, freeText('Your reference for the request.'))
  readonly clientRef!: string | null;

  @Field(() => String, plain('Country of the number being verified; null for email.'))
  readonly country!: string | null;

  @Field(() => DateTime, nullable('When Vonage accepted the request.'))
  readonly dateReceived!: string | null;

  @Field(() => Int, nullable('Number of codes sent by email.'))
  readonly emailEventCount!: number | null;

  @Field(() => Boolean, nullable("Whether the request asked to bypass Vonage's fraud block."))
  readonly ifFraudCheck!: boolean | null;

  @Field(() => String, plain('Language the code was delivered in, such as en-gb.'))
  readonly locale!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(() => ID, nullable('Request that this email or silent-authentication event is part of.'))
  readonly parentRequestId!: string | null;

  @Field(() => Int, nullable('Length of the code, in characters.'))
  readonly pinLength!: number | null;

  @Field(() => Int, nullable('Number of codes sent by RCS.'))
  readonly rcsEventCount!: number | null;

  @Field(() => ID, nullable('Identifier of the request that this row is about.'))
  readonly requestId!: string | null;

  @Field(() => Int, nullable('Number of attempts at silent authentication.'))
  readonly silentauthEventCount!: number | null;

  @Field(() => Int, nullable('Number of codes sent by SMS.'))
  readonly smsEventCount!: number | null;

  @Field(() => String, plain('State of the verification. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(() => String, personal('Phone number or email address that was verified.'))
  readonly to!: string | null;

  @Field(() => Int, nullable('Number of codes spoken in a call.'))
  readonly ttsEventCount!: number | null;

  @Field(() => Int, nullable('Number of codes sent by WhatsApp.'))
  readonly whatsappEventCount!: number | null;
}

export const VerifyRecord = createUnionType({
  name: 'VerifyRecord',
  description: 'One verification, made with either version of the Verify API.',
  types: () => [VerifyApiRecord, VerifyV2Record] as const,
});
