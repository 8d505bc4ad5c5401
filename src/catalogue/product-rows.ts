import { byAge, byStatus, Direction, Product, type RowFacts, writtenWhenFinished } from './product.js';

const { INBOUND, OUTBOUND } = Direction;

/** SMS, their passage through the throttling queue, and messages of every channel. */
export const messagingRows = {
  [Product.SMS]: {
    direction: 'required',
    idFields: ['message_id'],
    naturalKey: 'message_id',
    dateField: 'date_received',
    finality: byStatus('delivered', 'expired', 'failed', 'rejected', 'deleted'),
    withheld: [
      'gateway',
      'gateway_id',
      'gateway_error_code',
      'routing_rule_seq',
      'channel',
      'srr',
      'hlr_lookup_cost',
      'date_submitted',
      'route_cost',
      'protocol_id',
    ],
    messageBody: [OUTBOUND, INBOUND],
    concatenated: [OUTBOUND],
    family: 'sms',
    searchRanks: { 'hex 16': 1, uuid: 5 },
    filters: ['status', 'from', 'to', 'country', 'network', 'account_ref'],
  },
  [Product.SMS_TRAFFIC_CONTROL]: {
    idFields: ['message_id', 'id'],
    rowsPerId: 'several',
    dateField: 'queued_time',
    // A row reports one event, so a queued row stays as it is; the dequeueing is a second row of the same id.
    finality: byStatus('dequeued'),
    edges: { message: { idField: 'message_id', products: [Product.SMS] } },
  },
  [Product.MESSAGES]: {
    direction: 'required',
    idFields: ['message_id', 'id'],
    naturalKey: 'message_id',
    dateField: 'date_received',
    // A delivered message may still become read on channels with read receipts.
    finality: byStatus('read', 'rejected', 'undeliverable'),
    // Conversational RCS pricing writes the price up to 48 hours late, and changes other columns with it.
    settling: { priceField: 'total_price', late: { field: 'provider', values: ['rcs'] } },
    messageBody: [OUTBOUND, INBOUND],
    family: 'messages',
    searchRanks: { uuid: 1 },
    filters: ['status', 'from', 'to', 'country', 'provider'],
  },
} as const satisfies Partial<Record<Product, RowFacts>>;

/** From an event to the call in whose course it happened. */
const call = { idField: 'call_id', products: [Product.VOICE_CALL] } as const;

/**
 * Calls, and what happens in the course of one. The API reference describes `call_id` in the same words for every
 * product here; only VOICE-CALL has a sample of it.
 */
export const callRows = {
  [Product.VOICE_CALL]: {
    direction: 'optional',
    idFields: ['call_id', 'id'],
    naturalKey: 'call_id',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { 'hex 32 with suffix': 1, 'hex 32': 2, uuid: 3 },
    edges: {
      events: {
        idField: 'call_id',
        products: [Product.ASR, Product.AMD, Product.WEBSOCKET_CALL, Product.VOICE_TTS],
      },
    },
    filters: ['status', 'from', 'to', 'country', 'network', 'call_id'],
  },
  [Product.VOICE_FAILED]: {
    direction: 'optional',
    idFields: ['call_id', 'id'],
    naturalKey: 'call_id',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { 'hex 32 with suffix': 2, 'hex 32': 3 },
    filters: ['from', 'to', 'country', 'network', 'call_id'],
  },
  [Product.VOICE_TTS]: {
    idFields: ['call_id', 'id', 'trace_id'],
    rowsPerId: 'several',
    dateField: 'creation_date',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { 'hex 32 with suffix': 6, 'hex 32': 7 },
    edges: { call },
    filters: ['call_id'],
  },
  [Product.IN_APP_VOICE]: {
    idFields: ['request_id', 'id', 'leg_id'],
    naturalKey: 'request_id',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { conversation: 3 },
    filters: ['conversation_id', 'leg_id', 'status'],
  },
  [Product.WEBSOCKET_CALL]: {
    idFields: ['call_id', 'id'],
    // One a call in a long production run; reading it as several does no harm where a call has more than one.
    rowsPerId: 'several',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { 'hex 32 with suffix': 3, 'hex 32': 4 },
    edges: { call },
    filters: ['call_id'],
  },
  [Product.ASR]: {
    direction: 'optional',
    idFields: ['call_id', 'id'],
    rowsPerId: 'several',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { 'hex 32 with suffix': 4, 'hex 32': 5 },
    edges: { call },
    filters: ['from', 'to', 'country', 'network', 'call_id'],
  },
  [Product.AMD]: {
    idFields: ['call_id', 'id'],
    rowsPerId: 'several',
    dateField: 'start_time',
    finality: writtenWhenFinished,
    family: 'voice',
    searchRanks: { 'hex 32 with suffix': 5, 'hex 32': 6 },
    edges: { call },
    filters: ['call_id'],
  },
} as const satisfies Partial<Record<Product, RowFacts>>;

/** Verifications of numbers, and lookups of them. */
export const numberRows = {
  [Product.VERIFY_API]: {
    idFields: ['request_id', 'id'],
    naturalKey: 'request_id',
    dateField: 'date_received',
    finality: byStatus('SUCCESS'),
    family: 'verify',
    searchRanks: { 'hex 32': 1, uuid: 4 },
    filters: ['to', 'country', 'network', 'locale', 'number_type'],
  },
  [Product.VERIFY_V2]: {
    idFields: ['request_id', 'parent_request_id', 'id'],
    rowsPerId: 'several',
    dateField: 'date_received',
    finality: byAge,
    family: 'verify',
    searchRanks: { uuid: 2 },
    edges: { parent: { idField: 'parent_request_id', products: [Product.VERIFY_V2] } },
    filters: ['channel', 'parent_request_id', 'locale', 'status', 'to', 'country', 'network'],
  },
  [Product.NUMBER_INSIGHT]: {
    idFields: ['request_id', 'id'],
    naturalKey: 'request_id',
    dateField: 'date_received',
    finality: writtenWhenFinished,
    family: 'insight',
    searchRanks: { uuid: 6, 'hex 32': 8 },
    filters: ['number', 'country', 'network'],
  },
  // Neither the newest description nor the SDK lets it be asked for; its record is still described.
  [Product.NUMBER_INSIGHT_V2]: {
    idFields: ['request_id', 'id'],
    // One request can ask for a fraud score and a SIM swap, each a row of its own.
    rowsPerId: 'several',
    deprecated: true,
    dateField: 'date_received',
    finality: writtenWhenFinished,
    family: 'insight',
  },
} as const satisfies Partial<Record<Product, RowFacts>>;

/** Conversations, video, network APIs, and the use of the Reports API itself. */
export const platformRows = {
  [Product.CONVERSATION_EVENT]: {
    idFields: ['request_id', 'id'],
    rowsPerId: 'several',
    dateField: 'creation_date',
    finality: writtenWhenFinished,
    family: 'conversation',
    searchRanks: { conversation: 1 },
    filters: ['conversation_id', 'status'],
  },
  [Product.CONVERSATION_MESSAGE]: {
    idFields: ['id', 'trace_id'],
    dateField: 'creation_date',
    finality: writtenWhenFinished,
    family: 'conversation',
    searchRanks: { conversation: 2 },
    filters: ['conversation_id'],
  },
  [Product.VIDEO_API]: {
    idFields: ['id'],
    dateField: 'date_start',
    finality: byAge,
    searchRanks: { 'video session': 1 },
    filters: ['session_id', 'meeting_id'],
  },
  [Product.NETWORK_API_EVENT]: {
    idFields: ['request_session_id', 'id'],
    rowsPerId: 'several',
    dateField: 'event_time',
    finality: byStatus('SUCCESS', 'FAILED'),
    searchRanks: { 'network request': 1 },
    filters: [
      'product_name',
      'request_type',
      'request_session_id',
      'product_path',
      'correlation_id',
      'country',
      'network',
    ],
  },
  [Product.REPORTS_USAGE]: { idFields: ['id'], dateField: 'date_received', finality: byAge, isFree: true },
  [Product.CONVERSATIONS]: {
    idFields: ['request_id'],
    rowsPerId: 'several',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    family: 'conversation',
    deprecated: true,
  },
  // No source publishes a record: any row of a lookup for one id is taken as it comes.
  [Product.MEETINGS]: { idFields: ['id'], dateField: null, finality: byAge, deprecated: true },
} as const satisfies Partial<Record<Product, RowFacts>>;
