import { GraphQLJSONObject } from 'graphql-scalars';
import { Direction, Product } from '../catalogue/product.js';
import { Extensions, ID, InterfaceType, ObjectType, registerEnumType } from '../type-graphql.js';
import { Field, nullable, plain } from './field.js';
import { DateTime, Decimal } from './scalars.js';

/** One usage record as Vonage sent it: hostile until a decoder has read it. */
export type WireRow = Readonly<Record<string, unknown>>;

/** Stands in every closed list for a value that Vonage added after this gateway was built; `raw` keeps the value. */
export const UNRECOGNIZED = 'UNRECOGNIZED';

@InterfaceType({ description: 'Anything with a global id; `node(id:)` finds it again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Global id: opaque, URL-safe, stable; never build or parse one.' })
  readonly id!: string;
}

registerEnumType(Product, {
  name: 'Product',
  description: 'What Vonage keeps usage records of.',
  valuesConfig: {
    SMS: { description: 'Text messages sent and received with the SMS API.' },
    SMS_TRAFFIC_CONTROL: { description: 'The way of a text message through the throttling queue.' },
    VOICE_CALL: { description: 'Calls that were answered.' },
    VOICE_FAILED: { description: 'Calls that did not connect.' },
    VOICE_TTS: { description: 'Text spoken during a call.' },
    IN_APP_VOICE: { description: 'Legs of calls made inside an application.' },
    WEBSOCKET_CALL: { description: 'WebSocket connections of a call.' },
    ASR: { description: 'Speech recognised during a call.' },
    AMD: { description: 'Answering machines looked for at the start of a call.' },
    VERIFY_API: { description: 'Verifications made with version 1 of the Verify API.' },
    VERIFY_V2: {
      description: 'Verifications made with version 2 of the Verify API, and their channel events.',
    },
    NUMBER_INSIGHT: { description: 'Look-ups of phone numbers.' },
    NUMBER_INSIGHT_V2: {
      description: 'Fraud-score and SIM-swap checks of numbers.',
      deprecationReason:
        'Vonage no longer lets it be requested as of 2026-10. Use NETWORK_API_EVENT. Removal: not before 1.0.',
    },
    MESSAGES: { description: 'Messages sent and received with the Messages API, over any channel.' },
    CONVERSATION_EVENT: { description: 'Events inside conversations.' },
    CONVERSATION_MESSAGE: { description: 'Messages inside conversations.' },
    VIDEO_API: { description: 'Video sessions and what was used in them; kept for 90 days.' },
    NETWORK_API_EVENT: { description: 'Requests to network APIs, such as a SIM swap check.' },
    REPORTS_USAGE: { description: 'Reports that were made, look-ups by id among them.' },
    CONVERSATIONS: {
      description: 'Conversations as they were recorded before they were split up.',
      deprecationReason: 'Vonage replaced it by CONVERSATION_EVENT and IN_APP_VOICE.',
    },
    MEETINGS: {
      description: 'Meetings; no fields are published.',
      deprecationReason: 'Vonage ended the product; only old lists name it.',
    },
  },
});
registerEnumType(Direction, {
  name: 'Direction',
  description: 'Whether the traffic came in to Vonage or went out from it.',
  valuesConfig: {
    INBOUND: { description: 'It came in to Vonage.' },
    OUTBOUND: { description: 'It went out from Vonage.' },
  },
});

/**
 * What every usage record has. A decoder makes the instances: it derives the fields marked `derived` from where the row
 * was found, and reads every other one from the wire under its snake_case name, or the names that `wire` gives.
 */
@InterfaceType('Record', { implements: Node, description: 'One usage record, whatever its product.' })
export abstract class UsageRecord implements Node {
  @Extensions({ derived: true })
  @Field(() => ID, { description: 'Global id: opaque, URL-safe, stable; never build or parse one.' })
  readonly id!: string;

  @Extensions({ derived: true })
  @Field(() => ID, {
    description: 'The id under which Vonage finds this record. Opaque text, not always a UUID.',
  })
  readonly uuid!: string;

  @Extensions({ derived: true })
  @Field(() => Product, { description: 'The product whose use was recorded.' })
  readonly product!: Product;

  @Extensions({ derived: true })
  @Field(() => Direction, nullable('Whether the traffic came in to Vonage or went out from it.'))
  readonly direction!: Direction | null;

  @Extensions({ derived: true })
  @Field(() => ID, { description: 'API key of the account, or subaccount, that generated the traffic.' })
  readonly accountId!: string;

  @Extensions({ wire: 'id' })
  @Field(() => ID, nullable('Identifier of this usage row itself. Absent from older rows.'))
  readonly recordId!: string | null;

  @Extensions({ derived: true })
  @Field(() => DateTime, nullable('Moment of receipt, or of the start for calls and sessions.'))
  readonly occurredAt!: string | null;

  @Field(() => Decimal, nullable('Amount charged for this row, in `currency`.'))
  readonly totalPrice!: string | null;

  @Field(
    () => String,
    plain('Currency of the prices in this row. Vonage leaves it blank for several products.'),
  )
  readonly currency!: string | null;

  @Extensions({ derived: true })
  @Field(() => Boolean, { description: 'True once Vonage will not change the record any more.' })
  readonly isFinal!: boolean;

  @Extensions({ derived: true })
  @Field(() => GraphQLJSONObject, {
    privacy: 'personal',
    description: 'The record as Vonage sent it, without what this operation did not select or may not see.',
  })
  readonly raw!: WireRow;
}

/**
 * Declares a record type. Both interfaces are named directly, because type-graphql resolves only the classes that name
 * an interface themselves; simple resolvers let GraphQL read the decoder's getters without a wrapper per field.
 */
export function RecordType(description: string): ClassDecorator {
  return ObjectType({
    description,
    implements: [UsageRecord, Node],
    simpleResolvers: true,
  }) as ClassDecorator;
}
