import { type GraphQLField, type GraphQLObjectType, getNamedType, isEnumType, isScalarType } from 'graphql';
import { Direction, Product } from '../catalogue/product.js';
import { type Privacy, RecordType, UsageRecord, type WireRow } from './base.js';
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

const typeNames = new Map<unknown, string>(
  recordTypes.map(({ recordClass }) => [recordClass, recordClass.name]),
);

/**
 * The GraphQL type of a decoded record. It is asked for every record of every answer, so it is one look in a map and no
 * promise.
 */
export function recordTypeName(record: object): string | undefined {
  return typeNames.get(record.constructor);
}

/** How a wire value is read; one kind per scalar of the schema, and one for its enums. */
export type FieldKind = 'ID' | 'String' | 'Int' | 'Boolean' | 'DateTime' | 'Decimal' | 'JSONObject' | 'Enum';

export interface FieldShape {
  /** Name in GraphQL and on the class. */
  readonly name: string;
  /** Wire names that may hold the value, the first present one wins; empty for a derived field. */
  readonly wire: readonly string[];
  readonly kind: FieldKind;
  /** The values Vonage documents, for an enum; empty otherwise. */
  readonly enumValues: readonly string[];
  /** What the field says about persons; null where it holds no text and nothing of a person. */
  readonly privacy: Privacy | null;
}

/** What a decorated class says about its rows, read off the finished GraphQL type. */
export interface RecordShape {
  readonly typeName: string;
  readonly fields: readonly FieldShape[];
}

/** The shape of a record type. Edges to other records are no part of it: they are not on the wire. */
export function recordShape(type: GraphQLObjectType): RecordShape {
  const fields = Object.values(type.getFields()).flatMap((field) => fieldShape(field) ?? []);
  return Object.freeze({ typeName: type.name, fields: Object.freeze(fields) });
}

function fieldShape(field: GraphQLField<unknown, unknown>): FieldShape | undefined {
  const type = getNamedType(field.type);
  const enumValues = isEnumType(type) ? type.getValues().map((each) => String(each.value)) : [];
  const common = { name: field.name, wire: wireNames(field), enumValues, privacy: privacyOf(field) };
  if (isEnumType(type)) return { ...common, kind: 'Enum' };
  return isScalarType(type) ? { ...common, kind: type.name as FieldKind } : undefined;
}

/** What a field of a record type, or of their interface, says about persons. */
export function privacyOf({ extensions }: GraphQLField<unknown, unknown>): Privacy | null {
  return (extensions as { readonly privacy?: Privacy }).privacy ?? null;
}

function wireNames(field: GraphQLField<unknown, unknown>): readonly string[] {
  const { derived, wire } = field.extensions as { derived?: boolean; wire?: string | string[] };
  if (derived) return [];
  return wire === undefined ? [snakeCase(field.name)] : [wire].flat();
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Wire names that every row may carry beside its type's fields. */
const common = ['account_id', 'direction', 'product'] as const;

export type CommonKey = (typeof common)[number];

const knownKeys = new WeakMap<RecordShape, ReadonlySet<string>>();

/** The keys of a row that its type has no field for: Vonage added something. `raw` shows them. */
export function unknownKeys(row: WireRow, shape: RecordShape): string[] {
  const known = knownKeysOf(shape);
  return Object.keys(row).filter((key) => !known.has(key));
}

function knownKeysOf(shape: RecordShape): ReadonlySet<string> {
  const known = knownKeys.get(shape) ?? new Set([...common, ...shape.fields.flatMap(({ wire }) => wire)]);
  knownKeys.set(shape, known);
  return known;
}
