import { createUnionType, ID, Int, registerEnumType } from '../../type-graphql.js';
import { content, Field, freeText, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal } from '../scalars.js';

export enum SmsStatus {
  DELIVERED = 'delivered',
  EXPIRED = 'expired',
  ACCEPTED = 'accepted',
  DELETED = 'deleted',
  UNKNOWN = 'unknown',
  SUBMITTED = 'submitted',
  FAILED = 'failed',
  REJECTED = 'rejected',
  BUFFERED = 'buffered',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(SmsStatus, {
  name: 'SmsStatus',
  description: "Delivery state of an SMS, from the carrier's receipt.",
  valuesConfig: {
    DELIVERED: { description: 'The handset got it.' },
    EXPIRED: { description: 'Delivery was given up when its time ran out.' },
    ACCEPTED: { description: 'The carrier took it; no receipt yet.' },
    DELETED: { description: 'The carrier deleted the message.' },
    UNKNOWN: { description: 'The carrier reported no state.' },
    SUBMITTED: { description: 'Handed to the carrier.' },
    FAILED: { description: 'Delivery failed.' },
    REJECTED: { description: 'Vonage or the carrier refused it.' },
    BUFFERED: { description: 'The carrier will try again later.' },
    UNRECOGNIZED: { description: 'A state that this gateway does not know; see `raw`.' },
  },
});

export enum SmsQueueStatus {
  QUEUED = 'queued',
  DEQUEUED = 'dequeued',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(SmsQueueStatus, {
  name: 'SmsQueueStatus',
  description: 'What happened to an SMS in the throttling queue.',
  valuesConfig: {
    QUEUED: { description: 'Entered the queue.' },
    DEQUEUED: { description: 'Left the queue to be sent.' },
    UNRECOGNIZED: { description: 'An event that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One SMS that was sent.')
export class SmsOutboundRecord extends UsageRecord {
  @Field(() => String, freeText('Your own label for splitting costs.'))
  readonly accountRef!: string | null;

  @Field(() => String, personal('Sender that replaced `from` because of a number pool or compliance rule.'))
  readonly changedFrom!: string | null;

  @Field(() => String, freeText('Your reference for the message, at most 100 characters.'))
  readonly clientRef!: string | null;

  @Field(
    () => Boolean,
    nullable('Whether the text was split into several parts. Requested from Vonage only when selected.'),
  )
  readonly concatenated!: boolean | null;

  @Field(() => String, plain('Two-letter ISO country of the destination network.'))
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When the last delivery receipt arrived. Null until then.'))
  readonly dateFinalized!: string | null;

  @Field(() => DateTime, nullable('When Vonage accepted the message.'))
  readonly dateReceived!: string | null;

  @Field(() => Int, nullable('Data coding scheme used for delivery: 0 plain text, 8 Unicode, 4 binary.'))
  readonly dcs!: number | null;

  @Field(() => String, plain('Result of the delivery to the carrier. 0 means success.'))
  readonly errorCode!: string | null;

  @Field(() => String, freeText('Short explanation of `errorCode`.'))
  readonly errorCodeDescription!: string | null;

  @Field(() => String, personal('Sender that replaced `from` because of a routing rule.'))
  readonly forcedFrom!: string | null;

  @Field(() => String, personal('Sender that the request asked for: a number or an alphanumeric name.'))
  readonly from!: string | null;

  @Field(() => String, personal('Address of the server that called the SMS API.'))
  readonly ipAddress!: string | null;

  @Field(() => Int, nullable('Milliseconds between acceptance and the last known state.'))
  readonly latency!: number | null;

  @Field(() => String, content('Text of the message. Requested from Vonage only when selected.'))
  readonly messageBody!: string | null;

  @Field(() => ID, nullable("Vonage's identifier of the message: 16 hex digits or a UUID. Opaque text."))
  readonly messageId!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(() => SmsStatus, nullable("Delivery state taken from the carrier's receipt."))
  readonly status!: SmsStatus | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => Decimal, nullable('Amount charged for this SMS, in `currency`, with up to eight decimals.'))
  override readonly totalPrice!: string | null;

  @Field(() => String, personal('Destination phone number.'))
  readonly to!: string | null;

  @Field(() => String, plain('User data header (hex) of one part of a split message. Not unique.'))
  readonly udh!: string | null;

  @Field(
    () => String,
    plain('Time limit for delivery: milliseconds, or an absolute SMPP time. Do not parse it as a number.'),
  )
  readonly validityPeriod!: string | null;

  @Field(() => ID, nullable('Workflow the SMS moved to when it was upgraded to RCS.'))
  readonly workflowId!: string | null;
}

@RecordType('One SMS that came in to a virtual number.')
export class SmsInboundRecord extends UsageRecord {
  @Field(() => String, plain('Two-letter ISO country of the originating network.'))
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When Vonage received the message from the carrier.'))
  readonly dateReceived!: string | null;

  @Field(() => String, personal('Phone number the message came from.'))
  readonly from!: string | null;

  @Field(() => String, content('Text of the message. Requested from Vonage only when selected.'))
  readonly messageBody!: string | null;

  @Field(() => ID, nullable("Vonage's identifier of the message: 16 hex digits or a UUID. Opaque text."))
  readonly messageId!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => String, personal('Your virtual number that received the message.'))
  readonly to!: string | null;

  @Field(
    () => Decimal,
    nullable('Amount charged for receiving this SMS, in `currency`, with up to eight decimals.'),
  )
  override readonly totalPrice!: string | null;
}

@RecordType("One step of an SMS through Vonage's throttling queue: entering or leaving it.")
export class SmsTrafficControlRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the throttled SMS. Both of its rows share it.'))
  readonly messageId!: string | null;

  @Field(() => Int, nullable('Milliseconds the SMS spent in the queue.'))
  readonly queueDuration!: number | null;

  @Field(() => DateTime, nullable('When the SMS entered the queue.'))
  readonly queuedTime!: string | null;

  @Field(() => SmsQueueStatus, nullable('Whether the SMS went into the queue or came out of it.'))
  readonly status!: SmsQueueStatus | null;
}

export const SmsRecord = createUnionType({
  name: 'SmsRecord',
  description: 'One SMS, sent or received.',
  types: () => [SmsOutboundRecord, SmsInboundRecord] as const,
});
