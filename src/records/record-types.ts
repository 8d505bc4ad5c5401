import { Direction, Product } from '../catalogue/product.js';
import { RecordType, UsageRecord } from './base.js';
import { AmdRecord, AsrRecord } from './types/call-events.js';
import {
  ConversationEventRecord,
  ConversationMessageRecord,
  ConversationsRecord,
} from './types/conversations.js';
import { NumberInsightRecord, NumberInsightV2Record } from './types/insight.js';
import { MessagesInboundRecord, MessagesOutboundRecord } from './types/messages.js';
import { NetworkApiEventRecord, ReportsUsageRecord, VideoApiRecord } from './types/platform.js';
import { SmsInboundRecord, SmsOutboundRecord, SmsTrafficControlRecord } from './types/sms.js';
import { VerifyApiRecord, VerifyV2Record } from './types/verify.js';
import {
  InAppVoiceRecord,
  VoiceCallRecord,
  VoiceFailedRecord,
  VoiceTtsRecord,
  WebSocketCallRecord,
} from './types/voice.js';

@RecordType(
  'A usage record of a product whose fields Vonage does not publish: everything it holds is in `raw`.',
)
class GenericRecord extends UsageRecord {}

/** A record class and what its rows are rows of; the direction is null where one class serves both or none. */
export interface RecordTypeEntry {
  readonly recordClass: new () => UsageRecord;
  readonly product: Product;
  readonly direction: Direction | null;
}

/** Every record type, in the order of the products. */
export const recordTypes: readonly RecordTypeEntry[] = Object.freeze([
  entry(SmsOutboundRecord, Product.SMS, Direction.OUTBOUND),
  entry(SmsInboundRecord, Product.SMS, Direction.INBOUND),
  entry(SmsTrafficControlRecord, Product.SMS_TRAFFIC_CONTROL),
  entry(VoiceCallRecord, Product.VOICE_CALL),
  entry(VoiceFailedRecord, Product.VOICE_FAILED),
  entry(VoiceTtsRecord, Product.VOICE_TTS),
  entry(InAppVoiceRecord, Product.IN_APP_VOICE),
  entry(WebSocketCallRecord, Product.WEBSOCKET_CALL),
  entry(AsrRecord, Product.ASR),
  entry(AmdRecord, Product.AMD),
  entry(VerifyApiRecord, Product.VERIFY_API),
  entry(VerifyV2Record, Product.VERIFY_V2),
  entry(NumberInsightRecord, Product.NUMBER_INSIGHT),
  entry(NumberInsightV2Record, Product.NUMBER_INSIGHT_V2),
  entry(MessagesOutboundRecord, Product.MESSAGES, Direction.OUTBOUND),
  entry(MessagesInboundRecord, Product.MESSAGES, Direction.INBOUND),
  entry(ConversationEventRecord, Product.CONVERSATION_EVENT),
  entry(ConversationMessageRecord, Product.CONVERSATION_MESSAGE),
  entry(VideoApiRecord, Product.VIDEO_API),
  entry(NetworkApiEventRecord, Product.NETWORK_API_EVENT),
  entry(ReportsUsageRecord, Product.REPORTS_USAGE),
  entry(ConversationsRecord, Product.CONVERSATIONS),
  entry(GenericRecord, Product.MEETINGS),
]);

/** The record type of a product's rows in one direction; undefined where it takes a direction to tell. */
export function recordTypeOf(product: Product, direction: Direction | null): RecordTypeEntry | undefined {
  return recordTypes.find(
    (each) => each.product === product && (each.direction === null || each.direction === direction),
  );
}

function entry(
  recordClass: new () => UsageRecord,
  product: Product,
  direction: Direction | null = null,
): RecordTypeEntry {
  return Object.freeze({ recordClass, product, direction });
}

const names = new Map<unknown, string>(recordTypes.map(({ recordClass }) => [recordClass, recordClass.name]));

/**
 * The GraphQL type of a decoded record. It is asked for every record of every answer, so it is one look in a map and no
 * promise.
 */
export function recordTypeName(record: object): string | undefined {
  return names.get(record.constructor);
}
