import { createUnionType, ID, Int, registerEnumType } from '../../type-graphql.js';
import { RecordType, UsageRecord } from '../base.js';
import { content, Field, freeText, nullable, personal, plain } from '../field.js';
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
    DELETED: { description: 'The carrier removed it.' },
    UNKNOWN: { description: 'The carrier does not tell.' },
    SUBMITTED: { description: 'Handed to the carrier.' },
    FAILED: { description: 'Delivery failed.' },
    REJECTED: { description: 'Vonage or the carrier refused it.' },
    BUFFERED: { description: 'The carrier holds it for a later attempt.' },
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
    QUEUED: { description: 'It was put in the queue.' },
    DEQUEUED: { description: 'It was taken out to be sent.' },
    UNRECOGNIZED: { description: 'An event that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One SMS that was sent.')
export class SmsOutboundRecord extends UsageRecord {
  @Field(() => String, freeText('Label the customer passed to split billing between its own accounts.'))
  readonly accountRef!: string | null;

  @Field(
    () => String,
    personal('Sender shown because a number pool or compliance rule replaced the requested one.'),
  )
  readonly changedFrom!: string | null;

  @Field(() => String, freeText('Reference the customer attached to the request, at most 100 characters.'))
  readonly clientRef!: string | null;

  @Field(
    () => Boolean,
    nullable('Whether the text was cut into several parts. Asked of Vonage only when selected.'),
  )
  readonly concatenated!: boolean | null;

  @Field(() => String, plain('Two-letter ISO country of the destination network.'))
  readonly country!: string | null;

  @Field(() => String, plain('Readable name of the destination country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('Moment the message reached its last known state; null without a receipt.'))
  readonly dateFinalized!: string | null;

  @Field(() => DateTime, nullable('Moment Vonage accepted the send request.'))
  readonly dateReceived!: string | null;

  @Field(() => Int, nullable('Data coding scheme used for delivery: 0 plain text, 8 Unicode, 4 binary.'))
  readonly dcs!: number | null;

  @Field(
    () => String,
    plain('Code for how the hand-over to the carrier went; 0 normally stands for success.'),
  )
  readonly errorCode!: string | null;

  @Field(() => String, freeText('Short explanation of `errorCode`.'))
  readonly errorCodeDescription!: string | null;

  @Field(() => String, personal('Sender shown because a routing rule replaced the requested one.'))
  readonly forcedFrom!: string | null;

  @Field(() => String, personal('Sender the customer asked for: a number or an alphanumeric name.'))
  readonly from!: string | null;

  @Field(() => String, personal('Address of the server that called the SMS API.'))
  readonly ipAddress!: string | null;

  @Field(() => Int, nullable('Milliseconds between acceptance and the last known state.'))
  readonly latency!: number | null;

  @Field(() => String, content('Text of the message. Asked of Vonage only when selected.'))
  readonly messageBody!: string | null;

  @Field(
    () => ID,
    nullable("Vonage's identifier of the message: 16 hex digits or a UUID, to be taken as opaque."),
  )
  readonly messageId!: string | null;

  @Field(
    () => String,
    plain('Code of the destination network: usually MCC and MNC, sometimes words as US-FIXED.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Readable name of the destination network.'))
  readonly networkName!: string | null;

  @Field(() => SmsStatus, nullable("Delivery state taken from the carrier's receipt."))
  readonly status!: SmsStatus | null;

  @Field(
    () => String,
    plain('Volume bands whose prices applied, as lower-upper in messages; null for a flat price.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => Decimal, nullable('Amount charged for this SMS, in `currency`, with up to eight decimals.'))
  override readonly totalPrice!: string | null;

  @Field(() => String, personal('Destination phone number.'))
  readonly to!: string | null;

  @Field(
    () => String,
    plain('User data header, in hex, that links the parts of a split message; not unique.'),
  )
  readonly udh!: string | null;

  @Field(
    () => String,
    plain('How long, in milliseconds, or until when (SMPP time) delivery was to be attempted.'),
  )
  readonly validityPeriod!: string | null;

  @Field(() => ID, nullable('Workflow the SMS moved to when it was upgraded to RCS.'))
  readonly workflowId!: string | null;
}

@RecordType('One SMS that came in to a virtual number.')
export class SmsInboundRecord extends UsageRecord {
  @Field(() => String, plain('Two-letter ISO country of the originating network.'))
  readonly country!: string | null;

  @Field(() => String, plain('Readable name of the originating country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('Moment Vonage got the message from its supplier.'))
  readonly dateReceived!: string | null;

  @Field(() => String, personal('Phone number the message came from.'))
  readonly from!: string | null;

  @Field(() => String, content('Text of the message. Asked of Vonage only when selected.'))
  readonly messageBody!: string | null;

  @Field(
    () => ID,
    nullable("Vonage's identifier of the message: 16 hex digits or a UUID, to be taken as opaque."),
  )
  readonly messageId!: string | null;

  @Field(
    () => String,
    plain('Code of the originating network: usually MCC and MNC, sometimes words as US-FIXED.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Readable name of the originating network.'))
  readonly networkName!: string | null;

  @Field(
    () => String,
    plain('Volume bands whose prices applied, as lower-upper in messages; null for a flat price.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => String, personal("The customer's virtual number that received the message."))
  readonly to!: string | null;

  @Field(
    () => Decimal,
    nullable('Amount charged for receiving this SMS, in `currency`, with up to eight decimals.'),
  )
  override readonly totalPrice!: string | null;
}

@RecordType('One passage of an SMS into, or out of, the queue in which Vonage throttles traffic.')
export class SmsTrafficControlRecord extends UsageRecord {
  @Field(
    () => ID,
    nullable('Identifier of the SMS that was throttled: opaque text, shared by both of its rows.'),
  )
  readonly messageId!: string | null;

  @Field(() => Int, nullable('Milliseconds the SMS spent in the queue.'))
  readonly queueDuration!: number | null;

  @Field(() => DateTime, nullable('Moment the SMS was put in the queue.'))
  readonly queuedTime!: string | null;

  @Field(() => SmsQueueStatus, nullable('Whether the SMS went into the queue or came out of it.'))
  readonly status!: SmsQueueStatus | null;
}

export const SmsRecord = createUnionType({
  name: 'SmsRecord',
  description: 'One SMS, sent or received.',
  types: () => [SmsOutboundRecord, SmsInboundRecord] as const,
});
