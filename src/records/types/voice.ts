import { ID, Int, registerEnumType } from '../../type-graphql.js';
import { Field, freeText, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal } from '../scalars.js';

export enum VoiceStatus {
  ANSWERED = 'ANSWERED',
  MACHINE = 'MACHINE',
  ERROR = 'ERROR',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(VoiceStatus, {
  name: 'VoiceStatus',
  description: 'Outcome of a call that connected.',
  valuesConfig: {
    ANSWERED: { description: 'The call was picked up.' },
    MACHINE: { description: 'An answering machine picked up.' },
    ERROR: { description: 'The call ended in an error.' },
    UNRECOGNIZED: { description: 'An outcome that this gateway does not know; see `raw`.' },
  },
});

export enum VoiceFailedStatus {
  FAILED = 'FAILED',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(VoiceFailedStatus, {
  name: 'VoiceFailedStatus',
  description: 'Outcome of a call that did not connect.',
  valuesConfig: {
    FAILED: { description: 'The call did not connect.' },
    UNRECOGNIZED: { description: 'An outcome that this gateway does not know; see `raw`.' },
  },
});

export enum TtsType {
  STANDARD = 'standard',
  PREMIUM = 'premium',
  PREMIER = 'premier',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(TtsType, {
  name: 'TtsType',
  description: 'Quality of the voice that spoke a text.',
  valuesConfig: {
    STANDARD: { description: 'A voice of the standard tier.' },
    PREMIUM: { description: 'A voice of the premium tier.' },
    PREMIER: { description: 'A voice of the premier tier.' },
    UNRECOGNIZED: { description: 'A tier that this gateway does not know; see `raw`.' },
  },
});

export enum TtsLevel {
  LEG = 'leg',
  CONVERSATION = 'conversation',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(TtsLevel, {
  name: 'TtsLevel',
  description: 'Listeners that a spoken text was meant for.',
  valuesConfig: {
    LEG: { description: 'One leg of the call.' },
    CONVERSATION: { description: 'All participants of the conversation.' },
    UNRECOGNIZED: { description: 'A level that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One call that connected.')
export class VoiceCallRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => String, plain('Country that was called.'))
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When the call ended.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('When the call started.'))
  readonly dateStart!: string | null;

  @Field(() => String, personal('Caller number that the request asked for.'))
  readonly from!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(() => Int, nullable('Billed length of the call, in seconds.'))
  readonly duration!: number | null;

  @Field(() => String, personal('Caller number that replaced `from` because of a routing rule.'))
  readonly forcedFrom!: string | null;

  @Field(() => Decimal, nullable('Price of one minute, in `currency`.'))
  readonly price!: string | null;

  @Field(
    () => VoiceStatus,
    nullable('Outcome of the call. Vonage documents ANSWERED for every record of this product.'),
  )
  readonly status!: VoiceStatus | null;

  @Field(() => String, plain('SIP or HTTP code with which the call was answered.'))
  readonly statusCode!: string | null;

  @Field(() => String, freeText('The outcome in words.'))
  readonly statusDescription!: string | null;

  @Field(
    () => String,
    plain('Volume tiers used for pricing, in seconds, such as 0-1000_1001-onwards. Null for flat pricing.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => String, personal('Number that was dialled; for inbound calls, your virtual number.'))
  readonly to!: string | null;
}

@RecordType('One call that did not connect; such a row holds no price.')
export class VoiceFailedRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => String, plain('Country that was called.'))
  readonly country!: string | null;

  @Field(() => String, plain('Name of the country.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('When the attempt ended.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('When the attempt started.'))
  readonly dateStart!: string | null;

  @Field(() => String, personal('Caller number that the request asked for.'))
  readonly from!: string | null;

  @Field(
    () => String,
    plain('Network code: usually MCC and MNC, sometimes a word such as US-FIXED, or both.'),
  )
  readonly network!: string | null;

  @Field(() => String, plain('Name of the network.'))
  readonly networkName!: string | null;

  @Field(() => VoiceFailedStatus, nullable('Always FAILED, which sets these rows apart.'))
  readonly status!: VoiceFailedStatus | null;

  @Field(() => String, plain('SIP or HTTP code with which the call was refused, such as 480 or 486.'))
  readonly statusCode!: string | null;

  @Field(() => String, freeText('Why the call failed, in words.'))
  readonly statusDescription!: string | null;

  @Field(() => String, personal('Number that was dialled; for inbound calls, your virtual number.'))
  readonly to!: string | null;
}

@RecordType('One text spoken in a call. `call` leads to the call leg that heard it.')
export class VoiceTtsRecord extends UsageRecord {
  @Field(() => ID, nullable('Call leg that heard the text first. Older rows can lack it.'))
  readonly callId!: string | null;

  @Field(() => ID, nullable('Conversation in which the text was spoken. Null if it had no name.'))
  readonly conversationId!: string | null;

  @Field(() => DateTime, nullable('When Vonage wrote this row.'))
  readonly creationDate!: string | null;

  @Field(() => Int, nullable('Time it took to speak the text, in seconds.'))
  readonly duration!: number | null;

  @Field(() => DateTime, nullable('When the voice stopped speaking.'))
  readonly endTime!: string | null;

  @Field(() => String, personal('Caller number of the call.'))
  readonly from!: string | null;

  @Field(() => String, plain('Language of the voice as a BCP 47 tag, such as en-GB.'))
  readonly language!: string | null;

  @Field(() => Int, nullable('Length of the text, in characters.'))
  readonly length!: number | null;

  @Field(() => Int, nullable('Size in bytes of the audio made from the text.'))
  readonly size!: number | null;

  @Field(() => String, {
    ...plain('Older mark of the quality of the voice.'),
    deprecationReason:
      'Vonage replaced it with `ttsType` before 2021. Use `ttsType`. Removal: not before 1.0.',
  })
  readonly premium!: string | null;

  @Field(() => Decimal, nullable('Price of one unit of speech, in `currency`.'))
  readonly price!: string | null;

  @Field(() => DateTime, nullable('When the voice began to speak.'))
  readonly startTime!: string | null;

  @Field(() => String, plain('How speaking ended. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(() => String, plain('Number of the voice among those of its language.'))
  readonly style!: string | null;

  @Field(() => String, personal('Number that was dialled; for inbound calls, your virtual number.'))
  readonly to!: string | null;

  @Field(() => ID, nullable('Identifier by which Vonage traces the spoken text.'))
  readonly traceId!: string | null;

  @Field(() => TtsLevel, nullable('Whether one leg or all members of the conversation heard the text.'))
  readonly ttsLevel!: TtsLevel | null;

  @Field(() => TtsType, nullable('Quality of the voice.'))
  readonly ttsType!: TtsType | null;
}

@RecordType('One leg of a call made inside an application.')
export class InAppVoiceRecord extends UsageRecord {
  @Field(() => ID, nullable('Vonage application that the call belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => String, freeText('Your reference for the call.'))
  readonly clientRef!: string | null;

  @Field(() => ID, nullable('Conversation in which the call took place, such as CON-….'))
  readonly conversationId!: string | null;

  @Field(() => DateTime, nullable('When the call ended.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('When the call started.'))
  readonly dateStart!: string | null;

  @Field(() => Int, nullable('Length of the call, in seconds.'))
  readonly duration!: number | null;

  @Field(() => ID, nullable('Identifier of the leg.'))
  readonly legId!: string | null;

  @Field(() => Decimal, nullable('Rate charged for the call, in `currency`.'))
  readonly price!: string | null;

  @Field(() => ID, nullable('Identifier of the request; Vonage documents it as equal to `rowId`.'))
  readonly requestId!: string | null;

  @Field(() => String, plain('Code with which the leg ended, such as 200.'))
  readonly status!: string | null;

  @Field(() => ID, personal('User in the conversation; an id or a name.'))
  readonly userId!: string | null;
}

@RecordType('One WebSocket connection of a call.')
export class WebSocketCallRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => DateTime, nullable('When the WebSocket was closed.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('When the WebSocket was opened.'))
  readonly dateStart!: string | null;

  @Field(() => Int, nullable('Time the WebSocket stayed open, in seconds.'))
  readonly duration!: number | null;

  @Field(() => Decimal, nullable('Rate charged for the WebSocket, in `currency`.'))
  readonly price!: string | null;

  @Field(
    () => String,
    plain('How the connection ended, such as completed; older rows hold a code such as 200.'),
  )
  readonly status!: string | null;
}
