import { createUnionType, ID, Int } from '../../type-graphql.js';
import { Field, freeText, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal, JSONObject } from '../scalars.js';

@RecordType('One event of a conversation.')
export class ConversationEventRecord extends UsageRecord {
  @Field(() => ID, nullable('Vonage application that the conversation belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => String, freeText('Your reference for the event.'))
  readonly clientRef!: string | null;

  @Field(() => ID, nullable('Conversation in which it happened, such as CON-….'))
  readonly conversationId!: string | null;

  @Field(() => DateTime, nullable('When the event happened.'))
  readonly creationDate!: string | null;

  @Field(() => Decimal, nullable('Rate charged for the event, in `currency`.'))
  readonly price!: string | null;

  @Field(() => ID, nullable('Identifier of the API request that caused the event.'))
  readonly requestId!: string | null;

  @Field(() => ID, personal('Member of the conversation that the event is about.'))
  readonly userId!: string | null;
}

@RecordType('One message sent inside a conversation, without its text. In-App Messaging ended on 2026-04-30.')
export class ConversationMessageRecord extends UsageRecord {
  @Field(() => ID, nullable('Vonage application that the conversation belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => String, freeText('Your reference for the message.'))
  readonly clientRef!: string | null;

  @Field(() => ID, nullable('Conversation in which it was sent, such as CON-….'))
  readonly conversationId!: string | null;

  @Field(() => DateTime, nullable('When the message was sent.'))
  readonly creationDate!: string | null;

  @Field(() => String, plain('Channel of the sender, such as app.'))
  readonly fromChannel!: string | null;

  @Field(() => ID, personal("Identifier of the sender's membership in the conversation."))
  readonly fromMemberId!: string | null;

  @Field(() => ID, nullable('Sequence number of the message in its conversation.'))
  readonly fromMessageId!: string | null;

  @Field(() => ID, personal('Identifier of the user who sent it.'))
  readonly fromUserId!: string | null;

  @Field(
    () => JSONObject,
    personal(
      "Further ids of the event, by name, such as requestId. Null if Vonage's text could not be read.",
    ),
  )
  readonly otherIds!: Readonly<Record<string, unknown>> | null;

  @Field(() => Decimal, nullable('Rate charged for the message, in `currency`.'))
  readonly price!: string | null;

  @Field(() => ID, nullable('Identifier that Vonage traces the event by.'))
  readonly traceId!: string | null;
}

@RecordType('One call leg or event of a conversation, as Vonage recorded them before it separated the two.')
export class ConversationsRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the API request that caused this row.'))
  readonly requestId!: string | null;

  @Field(() => ID, nullable('Vonage application that the conversation belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => String, freeText('Your reference for the request; events only.'))
  readonly clientRef!: string | null;

  @Field(() => ID, nullable('Conversation in which it happened, such as CON-….'))
  readonly conversationId!: string | null;

  @Field(() => ID, personal('Member of the conversation that this row is about.'))
  readonly userId!: string | null;

  @Field(() => DateTime, nullable('When the event happened; events only.'))
  readonly creationDate!: string | null;

  @Field(() => ID, nullable('Identifier of the leg; calls only.'))
  readonly legId!: string | null;

  @Field(() => DateTime, nullable('When the call started; calls only.'))
  readonly dateStart!: string | null;

  @Field(() => DateTime, nullable('When the call ended; calls only.'))
  readonly dateEnd!: string | null;

  @Field(() => Int, nullable('Length of the call, in seconds; calls only.'))
  readonly duration!: number | null;

  @Field(() => String, plain('How the call was ended; calls only.'))
  readonly status!: string | null;

  @Field(() => Decimal, nullable('Rate charged for this row, in `currency`.'))
  readonly price!: string | null;
}

export const ConversationRecord = createUnionType({
  name: 'ConversationRecord',
  description: 'One event of a conversation, or one message in it.',
  types: () => [ConversationEventRecord, ConversationMessageRecord, ConversationsRecord] as const,
});
