import { Product } from './product.js';

/** The fields of record types that lead to other records: in each of the products one id is looked up. */
export const recordEdges = {
  VoiceCallRecord: { events: [Product.ASR, Product.AMD, Product.WEBSOCKET_CALL] },
  AsrRecord: { call: [Product.VOICE_CALL] },
  AmdRecord: { call: [Product.VOICE_CALL] },
  WebSocketCallRecord: { call: [Product.VOICE_CALL] },
  VerifyV2Record: { parent: [Product.VERIFY_V2] },
  SmsTrafficControlRecord: { message: [Product.SMS] },
} as const satisfies Record<string, Record<string, readonly Product[]>>;
