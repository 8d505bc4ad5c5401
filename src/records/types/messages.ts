import { createUnionType, ID, Int, registerEnumType } from '../../type-graphql.js';
import { content, Field, freeText, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal } from '../scalars.js';

export enum MessagesStatus {
  SUBMITTED = 'submitted',
  DELIVERED = 'delivered',
  READ = 'read',
  REJECTED = 'rejected',
  UNDELIVERABLE = 'undeliverable',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(MessagesStatus, {
  name: 'MessagesStatus',
  description: 'Delivery state of a message sent with the Messages API.',
  valuesConfig: {
    SUBMITTED: { description: 'Handed to the channel; no receipt yet.' },
    DELIVERED: { description: 'The recipient got it; it may still be read on a channel with read receipts.' },
    READ: { description: 'The recipient opened it.' },
    REJECTED: { description: 'Vonage or the channel refused it; see `errorCode`.' },
    UNDELIVERABLE: { description: 'The channel could not deliver it.' },
    UNRECOGNIZED: { description: 'A state that this gateway does not know; see `raw`.' },
  },
});

export enum MessagesProvider {
  WHATSAPP = 'whatsapp',
  SMS = 'sms',
  MMS = 'mms',
  MESSENGER = 'messenger',
  VIBER_SERVICE_MSG = 'viber_service_msg',
  INSTAGRAM = 'instagram',
  RCS = 'rcs',
  EMAIL = 'email',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(MessagesProvider, {
  name: 'MessagesProvider',
  description: 'Channel over which the Messages API carried a message.',
  valuesConfig: {
    WHATSAPP: { description: 'WhatsApp.' },
    SMS: { description: 'SMS.' },
    MMS: { description: 'MMS.' },
    MESSENGER: { description: 'Facebook Messenger.' },
    VIBER_SERVICE_MSG: { description: 'Viber service messages.' },
    INSTAGRAM: { description: 'Instagram.' },
    RCS: { description: 'RCS.' },
    EMAIL: { description: 'Email.' },
    UNRECOGNIZED: { description: 'A channel that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One message that was sent with the Messages API.')
export class MessagesOutboundRecord extends UsageRecord {
  @Field(() => String, freeText('Your reference for the message.'))
  readonly clientRef!: string | null;

  @Field(
    () => String,
    plain(
      'Two-letter country of the recipient. Null for Viber and Messenger; for WhatsApp known once delivered.',
    ),
  )
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When the message reached its last state. Reading does not change it.'))
  readonly dateFinalized!: string | null;

  @Field(() => DateTime, nullable('When Vonage accepted the message.'))
  readonly dateReceived!: string | null;

  @Field(() => String, plain('Number of the Messages API error that led to a rejection.'))
  readonly errorCode!: string | null;

  @Field(() => Decimal, nullable('Price expected before a receipt came, in `currency`; null for WhatsApp.'))
  readonly estimatedPrice!: string | null;

  @Field(() => String, personal('Sender: a number or an account of the channel.'))
  readonly from!: string | null;

  @Field(() => Int, nullable('Milliseconds between acceptance and the last known state.'))
  readonly latency!: number | null;

  @Field(() => String, content('Text of the message. Requested from Vonage only when selected.'))
  readonly messageBody!: string | null;

  @Field(() => ID, nullable("Vonage's identifier of the message. Opaque text."))
  readonly messageId!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both; SMS and MMS only.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network; SMS and MMS only.'))
  readonly networkName!: string | null;

  @Field(() => String, plain("Which of Vonage's pricing schemes applied."))
  readonly pricingModel!: string | null;

  @Field(() => String, plain('Pricing category that Meta assigned; WhatsApp only.'))
  readonly pricingType!: string | null;

  @Field(() => MessagesProvider, nullable('Channel over which the message went.'))
  readonly provider!: MessagesProvider | null;

  @Field(() => String, plain("Error code that Vonage got from the channel's provider."))
  readonly providerErrorCode!: string | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => String, personal('Recipient: a number or an account of the channel.'))
  readonly to!: string | null;

  @Field(
    () => Decimal,
    nullable(
      'Amount charged. RCS prices can arrive up to 48 hours late; 0 means that an earlier message of the conversation carries the price.',
    ),
  )
  override readonly totalPrice!: string | null;

  @Field(() => ID, nullable('Session of the conversation with the recipient; WhatsApp only.'))
  readonly sessionId!: string | null;

  @Field(() => String, plain('Category of the session, such as service or marketing; WhatsApp only.'))
  readonly sessionType!: string | null;

  @Field(() => MessagesStatus, nullable('Last known delivery state.'))
  readonly status!: MessagesStatus | null;

  @Field(() => ID, nullable('Failover workflow that this message was one attempt of.'))
  readonly workflowId!: string | null;

  @Field(() => Int, nullable('Place of this attempt in its workflow; the first is 1.'))
  readonly workflowItemsNumber!: number | null;

  @Field(() => Int, nullable('Number of messages that the workflow has tried so far.'))
  readonly workflowItemsTotal!: number | null;
}

@RecordType('One message that came in through the Messages API.')
export class MessagesInboundRecord extends UsageRecord {
  @Field(() => DateTime, nullable('When the channel handed the message to Vonage.'))
  readonly dateReceived!: string | null;

  @Field(() => String, personal('Sender: a number or an account of the channel.'))
  readonly from!: string | null;

  @Field(() => String, content('Text of the message. Requested from Vonage only when selected.'))
  readonly messageBody!: string | null;

  @Field(() => ID, nullable("Vonage's identifier of the message. Opaque text."))
  readonly messageId!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both; SMS and MMS only.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network; SMS and MMS only.'))
  readonly networkName!: string | null;

  @Field(() => MessagesProvider, nullable('Channel over which the message came.'))
  readonly provider!: MessagesProvider | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => String, personal('Recipient: a number or an account of the channel.'))
  readonly to!: string | null;
}

export const MessagesRecord = createUnionType({
  name: 'MessagesRecord',
  description: 'One message of the Messages API, sent or received.',
  types: () => [MessagesOutboundRecord, MessagesInboundRecord] as const,
});
