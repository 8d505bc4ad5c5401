import { createUnionType } from '../type-graphql.js';
import { AmdRecord, AsrRecord } from './call-events.js';
import {
  InAppVoiceRecord,
  VoiceCallRecord,
  VoiceFailedRecord,
  VoiceTtsRecord,
  WebSocketCallRecord,
} from './voice.js';

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
