import { Field, ID, Int, registerEnumType } from '../../type-graphql.js';
import { nullable, RecordType, UsageRecord } from '../base.js';
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

@RecordType('One call that connected.')
export class VoiceCallRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => String, nullable('Country that was called.'))
  readonly country!: string | null;

  @Field(() => String, nullable('Readable name of the country that was called.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('Moment the call was over.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('Moment the call started.'))
  readonly dateStart!: string | null;

  @Field(() => String, nullable('Caller number that the customer asked for.'))
  readonly from!: string | null;

  @Field(
    () => String,
    nullable('Code of the destination network: usually MCC and MNC, sometimes words as US-FIXED.'),
  )
  readonly network!: string | null;

  @Field(() => String, nullable('Readable name of the destination network.'))
  readonly networkName!: string | null;

  @Field(() => Int, nullable('Length of the call that was charged, in seconds.'))
  readonly duration!: number | null;

  @Field(() => String, nullable('Caller number shown because a routing rule replaced the requested one.'))
  readonly forcedFrom!: string | null;

  @Field(() => Decimal, nullable('Price of one minute, in `currency`.'))
  readonly price!: string | null;

  @Field(() => VoiceStatus, nullable('Outcome of the call.'))
  readonly status!: VoiceStatus | null;

  @Field(() => String, nullable('SIP or HTTP code with which the call was answered.'))
  readonly statusCode!: string | null;

  @Field(() => String, nullable('The outcome in words.'))
  readonly statusDescription!: string | null;

  @Field(
    () => String,
    nullable('Volume bands whose prices applied, as lower-upper in seconds; null for a flat price.'),
  )
  readonly tierVolume!: string | null;

  @Field(() => String, nullable("Number that was dialled; for inbound calls, the customer's virtual number."))
  readonly to!: string | null;
}

@RecordType('One call that did not connect; such a row holds no price.')
export class VoiceFailedRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => String, nullable('Country that was called.'))
  readonly country!: string | null;

  @Field(() => String, nullable('Readable name of the country that was called.'))
  readonly countryName!: string | null;

  @Field(() => DateTime, nullable('Moment the attempt was over.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('Moment the attempt started.'))
  readonly dateStart!: string | null;

  @Field(() => String, nullable('Caller number that the customer asked for.'))
  readonly from!: string | null;

  @Field(
    () => String,
    nullable('Code of the destination network: usually MCC and MNC, sometimes words as US-FIXED.'),
  )
  readonly network!: string | null;

  @Field(() => String, nullable('Readable name of the destination network.'))
  readonly networkName!: string | null;

  @Field(() => VoiceFailedStatus, nullable('Always FAILED, which sets these rows apart.'))
  readonly status!: VoiceFailedStatus | null;

  @Field(() => String, nullable('SIP or HTTP code with which the call was refused, such as 480 or 486.'))
  readonly statusCode!: string | null;

  @Field(() => String, nullable('Why the call failed, in words.'))
  readonly statusDescription!: string | null;

  @Field(() => String, nullable("Number that was dialled; for inbound calls, the customer's virtual number."))
  readonly to!: string | null;
}

@RecordType('One text spoken in a call. Vonage publishes no field that names the call.')
export class VoiceTtsRecord extends UsageRecord {
  @Field(() => DateTime, nullable('Moment Vonage wrote this row.'))
  readonly creationDate!: string | null;

  @Field(() => Int, nullable('Time it took to speak the text, in seconds.'))
  readonly duration!: number | null;

  @Field(() => DateTime, nullable('Moment the voice stopped speaking.'))
  readonly endTime!: string | null;

  @Field(() => String, nullable('Caller number that the customer used.'))
  readonly from!: string | null;

  @Field(() => String, nullable('Language of the voice as a BCP 47 tag, such as en-GB.'))
  readonly language!: string | null;

  @Field(() => Int, nullable('Length of the text, in characters.'))
  readonly length!: number | null;

  @Field(() => Int, nullable('Size of the text, in bytes.'))
  readonly size!: number | null;

  @Field(() => String, {
    ...nullable('Older mark of the quality of the voice.'),
    deprecationReason: 'Vonage replaced it by `ttsType`.',
  })
  readonly premium!: string | null;

  @Field(() => Decimal, nullable('Price of one unit of speech, in `currency`.'))
  readonly price!: string | null;

  @Field(() => DateTime, nullable('Moment the voice began to speak.'))
  readonly startTime!: string | null;

  @Field(() => String, nullable('How speaking ended. Vonage publishes no closed list.'))
  readonly status!: string | null;

  @Field(() => String, nullable('Number of the voice among those of its language.'))
  readonly style!: string | null;

  @Field(() => String, nullable("Number that was dialled; for inbound calls, the customer's virtual number."))
  readonly to!: string | null;

  @Field(() => ID, nullable('Identifier that Vonage traces the spoken text by.'))
  readonly traceId!: string | null;

  @Field(() => TtsType, nullable('Quality of the voice.'))
  readonly ttsType!: TtsType | null;
}

@RecordType('One leg of a call made inside an application.')
export class InAppVoiceRecord extends UsageRecord {
  @Field(() => ID, nullable('Vonage application that the call belongs to.'))
  readonly applicationId!: string | null;

  @Field(() => String, nullable('Reference the customer attached when it set up the call.'))
  readonly clientRef!: string | null;

  @Field(() => ID, nullable('Conversation in which the call took place, such as CON-….'))
  readonly conversationId!: string | null;

  @Field(() => DateTime, nullable('Moment the call was over.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('Moment the call started.'))
  readonly dateStart!: string | null;

  @Field(() => Int, nullable('Length of the call, in seconds.'))
  readonly duration!: number | null;

  @Field(() => ID, nullable('Identifier of the leg.'))
  readonly legId!: string | null;

  @Field(() => Decimal, nullable('Rate at which the call was charged, in `currency`.'))
  readonly price!: string | null;

  @Field(() => ID, nullable('Identifier of the request; Vonage documents it as equal to `recordId`.'))
  readonly requestId!: string | null;

  @Field(() => String, nullable('Code with which the leg ended, such as 200.'))
  readonly status!: string | null;

  @Field(() => ID, nullable('Member of the conversation that took part.'))
  readonly userId!: string | null;
}

@RecordType('One WebSocket connection of a call.')
export class WebSocketCallRecord extends UsageRecord {
  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => DateTime, nullable('Moment the WebSocket was closed.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('Moment the WebSocket was opened.'))
  readonly dateStart!: string | null;

  @Field(() => Int, nullable('Time the WebSocket stayed open, in seconds.'))
  readonly duration!: number | null;

  @Field(() => Decimal, nullable('Rate at which the WebSocket was charged, in `currency`.'))
  readonly price!: string | null;

  @Field(() => String, nullable('How the connection went: a code such as 200 in older documentation.'))
  readonly status!: string | null;
}
