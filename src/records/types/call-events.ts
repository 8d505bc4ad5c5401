import { createUnionType, ID, Int, registerEnumType } from '../../type-graphql.js';
import { Field, freeText, nullable, personal, plain, RecordType, UsageRecord } from '../base.js';
import { DateTime, Decimal } from '../scalars.js';
import {
  InAppVoiceRecord,
  VoiceCallRecord,
  VoiceFailedRecord,
  VoiceTtsRecord,
  WebSocketCallRecord,
} from './voice.js';

export enum AsrType {
  STANDARD = 'standard',
  PREMIER = 'premier',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(AsrType, {
  name: 'AsrType',
  description: 'Quality of the speech recognition.',
  valuesConfig: {
    STANDARD: { description: 'Recognition of the standard tier.' },
    PREMIER: { description: 'Recognition of the premier tier.' },
    UNRECOGNIZED: { description: 'A tier that this gateway does not know; see `raw`.' },
  },
});

export enum AmdResult {
  HUMAN = 'human',
  MACHINE = 'machine',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(AmdResult, {
  name: 'AmdResult',
  description: 'Who or what answered a call, as answering-machine detection judged it.',
  valuesConfig: {
    HUMAN: { description: 'A person answered.' },
    MACHINE: { description: 'An answering machine answered.' },
    UNRECOGNIZED: { description: 'A verdict that this gateway does not know; see `raw`.' },
  },
});

export enum AmdBehavior {
  HANGUP = 'hangup',
  CONTINUE = 'continue',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(AmdBehavior, {
  name: 'AmdBehavior',
  description: 'What to do with a call once a machine was detected.',
  valuesConfig: {
    HANGUP: { description: 'End the call.' },
    CONTINUE: { description: 'Let the call go on.' },
    UNRECOGNIZED: { description: 'A behavior that this gateway does not know; see `raw`.' },
  },
});

export enum AmdMode {
  DEFAULT = 'default',
  DETECT = 'detect',
  DETECT_BEEP = 'detect_beep',
  UNRECOGNIZED = 'UNRECOGNIZED',
}
registerEnumType(AmdMode, {
  name: 'AmdMode',
  description: 'What answering-machine detection was asked to find.',
  valuesConfig: {
    DEFAULT: { description: "Vonage's default mode, used when the application chose none." },
    DETECT: { description: 'Whether a person or a machine answered.' },
    DETECT_BEEP: {
      description: 'A person or a machine, and the beep that ends the greeting of the machine.',
    },
    UNRECOGNIZED: { description: 'A mode that this gateway does not know; see `raw`.' },
  },
});

@RecordType('One use of automatic speech recognition in a call.')
export class AsrRecord extends UsageRecord {
  @Field(() => AsrType, nullable('Quality of the recognition.'))
  readonly asrType!: AsrType | null;

  @Field(() => DateTime, nullable('When recognition began.'))
  readonly callDateStart!: string | null;

  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => DateTime, nullable('When recognition ended.'))
  readonly dateEnd!: string | null;

  @Field(() => DateTime, nullable('When Vonage created this row.'))
  readonly dateStart!: string | null;

  @Field(() => Int, nullable('Length of the call, presumably in seconds; Vonage states no unit.'))
  readonly duration!: number | null;

  @Field(() => String, personal('Number the call came from.'))
  readonly from!: string | null;

  @Field(() => Decimal, nullable('Rate charged for the recognition, in `currency`.'))
  readonly price!: string | null;

  @Field(
    () => String,
    plain('How the recognition went, such as ok or error. Vonage publishes no closed list.'),
  )
  readonly status!: string | null;

  @Field(() => String, freeText('The outcome in words.'))
  readonly statusDescription!: string | null;

  @Field(() => String, personal('Number that was dialled; for inbound calls, your virtual number.'))
  readonly to!: string | null;
}

@RecordType('One use of answering-machine detection in a call.')
export class AmdRecord extends UsageRecord {
  @Field(() => Boolean, nullable('Whether a voicemail beep was heard.'))
  readonly amdBeepDetectionResult!: boolean | null;

  @Field(() => AmdResult, nullable('Who or what answered, as far as the detector can tell.'))
  readonly amdDetectionResult!: AmdResult | null;

  @Field(() => Boolean, nullable('Whether the result was sent to your webhook.'))
  readonly amdResultSent!: boolean | null;

  @Field(() => Int, nullable('Seconds to wait for the beep, 30 to 120, as requested.'))
  readonly amdUserDefinedBeepTimeout!: number | null;

  @Field(() => AmdBehavior, nullable('What to do once the result is known, as requested.'))
  readonly amdUserDefinedBehavior!: AmdBehavior | null;

  @Field(() => AmdMode, nullable('What to detect, as requested.'))
  readonly amdUserDefinedMode!: AmdMode | null;

  @Field(() => ID, nullable('Identifier of the call: opaque text, such as 32 hex digits and -1.'))
  readonly callId!: string | null;

  @Field(() => DateTime, nullable('When detection ended.'))
  readonly endTime!: string | null;

  @Field(() => DateTime, nullable('When detection started.'))
  readonly startTime!: string | null;
}

export const CallEvent = createUnionType({
  name: 'CallEvent',
  description: 'A billed event in the course of a call.',
  types: () => [AsrRecord, AmdRecord, WebSocketCallRecord, VoiceTtsRecord] as const,
});

export const VoiceRecord = createUnionType({
  name: 'VoiceRecord',
  description: 'One call, or one event in the course of a call.',
  types: () =>
    [
      VoiceCallRecord,
      VoiceFailedRecord,
      VoiceTtsRecord,
      InAppVoiceRecord,
      WebSocketCallRecord,
      AsrRecord,
      AmdRecord,
    ] as const,
});
