/**
 * The field by which a record type can be named when its global id is not known: the first id field of its product, where
 * the type's name already says the lane and one record has the id. Left out are types with several rows an id (such as the
 * segments of one call), types that do not say where to look, and `GenericRecord`, of which no field is published.
 */
const naturalKeys: ReadonlyMap<string, string> = new Map([
  ['SmsOutboundRecord', 'messageId'],
  ['SmsInboundRecord', 'messageId'],
  ['MessagesOutboundRecord', 'messageId'],
  ['MessagesInboundRecord', 'messageId'],
  ['VoiceCallRecord', 'callId'],
  ['VoiceFailedRecord', 'callId'],
  ['InAppVoiceRecord', 'requestId'],
  ['VerifyApiRecord', 'requestId'],
  ['VerifyV2Record', 'requestId'],
  ['NumberInsightRecord', 'requestId'],
  ['NumberInsightV2Record', 'requestId'],
  ['VoiceTtsRecord', 'recordId'],
  ['ConversationMessageRecord', 'recordId'],
  ['VideoApiRecord', 'recordId'],
  ['ReportsUsageRecord', 'recordId'],
]);

/** The field that names a record of this type besides `id`; undefined where there is none. */
export function naturalKeyOf(typeName: string): string | undefined {
  return naturalKeys.get(typeName);
}

/** Every key of a record type as federation writes keys. Without `accountId` the gateway's own account is meant. */
export function keysOf(typeName: string): readonly string[] {
  const field = naturalKeyOf(typeName);
  return field ? ['id', field, `${field} accountId`] : ['id'];
}
