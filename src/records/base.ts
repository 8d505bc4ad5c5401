import { Direction, Product } from '../catalogue/product.js';
import {
  Field as BaseField,
  Extensions,
  ID,
  InterfaceType,
  ObjectType,
  registerEnumType,
} from '../type-graphql.js';
import { DateTime, Decimal, JSONObject } from './scalars.js';

/**
 * What a field says about persons. It decides what a caller without the scope sees, and the federation tag `pii`. Numbers
 * and addresses inside any text need `records:numbers`, too.
 *
 * - `plain`: words of Vonage, a carrier or a network, never about the person behind a number.
 * - `personal`: a number, name, address or user, or what is known about one. Needs `records:numbers`.
 * - `free text`: the sender or a carrier may write anything, also about a person. Words without a digit need
 *   `records:numbers`.
 * - `content`: what was said or written. Needs `records:content`.
 */
export type Privacy = 'plain' | 'personal' | 'free text' | 'content';

/** Options of a field that Vonage may leave out: every field of a usage record is one. */
export interface RecordFieldOptions {
  readonly nullable?: boolean;
  readonly description: string;
  readonly deprecationReason?: string;
  readonly privacy?: Privacy;
}

type TypeFunction = NonNullable<Parameters<typeof BaseField>[0]>;

/** Declares a field of a record type. Its privacy travels in the extensions of the GraphQL field. */
export function Field(type: TypeFunction, { privacy, ...options }: RecordFieldOptions): PropertyDecorator {
  return (target, name) => {
    BaseField(type, options)(target, name);
    if (privacy) Extensions({ privacy })(target, name);
  };
}

/** A field that holds no text: an id, a number, a time, a flag or a value of a closed list. */
export function nullable(description: string): RecordFieldOptions {
  return { nullable: true, description };
}

/** A text that is never about a person. */
export function plain(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'plain' };
}

/** A value that belongs to a person or says something about one; text of it is masked, any other value is null. */
export function personal(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'personal' };
}

/** A text that senders and carriers write freely. */
export function freeText(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'free text' };
}

/** What was said or written. */
export function content(description: string): RecordFieldOptions {
  return { nullable: true, description, privacy: 'content' };
}

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
  name: 'VonageProduct',
  description: 'What Vonage keeps usage records of.',
  valuesConfig: {
    SMS: { description: 'Text messages sent and received with the SMS API.' },
    SMS_TRAFFIC_CONTROL: { description: 'SMS that waited in the throttling queue.' },
    VOICE_CALL: { description: 'Calls that were answered.' },
    VOICE_FAILED: { description: 'Calls that did not connect.' },
    VOICE_TTS: { description: 'Text spoken during a call.' },
    IN_APP_VOICE: { description: 'Legs of calls made inside an application.' },
    WEBSOCKET_CALL: { description: 'WebSocket connections of a call.' },
    ASR: { description: 'Speech recognition.' },
    AMD: { description: 'Answering-machine detection.' },
    VERIFY_API: { description: 'Verifications made with version 1 of the Verify API.' },
    VERIFY_V2: {
      description: 'Verifications made with version 2 of the Verify API, and their channel events.',
    },
    NUMBER_INSIGHT: { description: 'Lookups of phone numbers. Vonage ends the product on 2027-02-04.' },
    NUMBER_INSIGHT_V2: {
      description: 'Fraud-score and SIM-swap checks of numbers.',
      deprecationReason:
        'Vonage no longer lets it be requested as of 2026-10. Use NETWORK_API_EVENT. Removal: not before 1.0.',
    },
    MESSAGES: { description: 'Messages sent and received with the Messages API, over any channel.' },
    CONVERSATION_EVENT: { description: 'Events inside conversations.' },
    CONVERSATION_MESSAGE: {
      description: 'Messages inside conversations. In-App Messaging ended on 2026-04-30.',
    },
    VIDEO_API: { description: 'Video sessions and what was used in them; kept for 90 days.' },
    NETWORK_API_EVENT: { description: 'Requests to network APIs, such as a SIM swap check.' },
    REPORTS_USAGE: { description: 'Requests to the Reports API, including lookups by this gateway.' },
    CONVERSATIONS: {
      description: 'Conversations as they were recorded before they were split up.',
      deprecationReason:
        "Absent from Vonage's product list as of 2026-10. Use CONVERSATION_EVENT or IN_APP_VOICE. Removal: not before 1.0.",
    },
    MEETINGS: {
      description: 'Meetings; no fields are published.',
      deprecationReason:
        "Absent from Vonage's product list as of 2026-10. Use VIDEO_API. Removal: not before 1.0.",
    },
  },
});
registerEnumType(Direction, {
  name: 'TrafficDirection',
  description: 'Whether traffic was received or sent.',
  valuesConfig: {
    INBOUND: { description: 'Received.' },
    OUTBOUND: { description: 'Sent.' },
  },
});

/**
 * What every usage record has. A decoder makes the instances: it derives the fields marked `derived` from where the row
 * was found, and reads every other one from the wire under its snake_case name, or the names that `wire` gives.
 */
@InterfaceType('VonageRecord', { implements: Node, description: 'One usage record, whatever its product.' })
export abstract class UsageRecord implements Node {
  @Extensions({ derived: true })
  @Field(() => ID, { description: 'Global id: opaque, URL-safe, stable; never build or parse one.' })
  readonly id!: string;

  @Extensions({ derived: true })
  @Field(() => ID, {
    description:
      'The id that finds this record at Vonage: a message id, call id or request id. Several records can share it.',
  })
  readonly vonageId!: string;

  @Extensions({ derived: true })
  @Field(() => Product, { description: 'The product whose use was recorded.' })
  readonly product!: Product;

  @Extensions({ derived: true })
  @Field(
    () => Direction,
    nullable('Whether traffic was received or sent. Null for products without a direction.'),
  )
  readonly direction!: Direction | null;

  @Extensions({ derived: true })
  @Field(() => ID, { description: 'API key of the account or subaccount that was asked.' })
  readonly accountId!: string;

  @Extensions({ wire: 'id' })
  @Field(
    () => ID,
    nullable("Vonage's id of this row. Null in older rows; equal to `requestId` in some products."),
  )
  readonly rowId!: string | null;

  @Extensions({ derived: true })
  @Field(
    () => DateTime,
    nullable(
      'When it happened: receipt for messages and requests, start for calls and sessions, the time of the event for events.',
    ),
  )
  readonly occurredAt!: string | null;

  @Extensions({ derived: true })
  @Field(
    () => String,
    plain('Status as Vonage wrote it, the same field in every type. Null for products without a status.'),
  )
  readonly vonageStatus!: string | null;

  @Field(() => Decimal, nullable('Amount charged for this row, in `currency`.'))
  readonly totalPrice!: string | null;

  @Field(
    () => String,
    plain(
      'ISO 4217 code of the prices in this record. Null for SMS, VERIFY_API and NUMBER_INSIGHT: Vonage leaves it blank there.',
    ),
  )
  readonly currency!: string | null;

  @Extensions({ derived: true })
  @Field(() => Boolean, {
    description:
      'True when Vonage will not change the record again: its status is final and its price settled, or 72 hours have passed.',
  })
  readonly isFinal!: boolean;

  @Extensions({ derived: true })
  @Field(() => JSONObject, {
    privacy: 'personal',
    description:
      'The record as Vonage sent it. Fields that you may not see, and texts that were not selected, are left out.',
  })
  readonly raw!: WireRow;

  /** The account that the row itself names, for the check whose record it is: see `namedAccountOf`. No field of the schema. */
  readonly namedAccount!: string | null;
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
