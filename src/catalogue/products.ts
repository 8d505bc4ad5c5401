import type { Finality, ProductRules } from './product.js';
import { Direction, Product } from './product.js';

const { INBOUND, OUTBOUND } = Direction;
const writtenWhenFinished: Finality = { kind: 'written-when-finished' };
const byAge: Finality = { kind: 'by-age' };

/**
 * Every product, in the order of Vonage's documentation.
 *
 * Directions: the API reference and the official SDKs name the products that take one; production users report a 422
 * where it is sent to another (VOICE-TTS, WEBSOCKET-CALL), so a product not named there counts as refusing it.
 * Id fields: shown by Vonage's samples for SMS, VERIFY-API, MESSAGES and VOICE-CALL, by analogy elsewhere.
 * Several rows an id: queued and dequeued, recognition segments, channel events and the like; an inference everywhere.
 * Final states: a reading of the delivery-receipt states, except where rows are written after the event.
 * `schema/vonage/products.json` holds the sources; a test compares the two.
 */
export const products: readonly ProductRules[] = Object.freeze([
  rules(Product.SMS, {
    direction: 'required',
    idFields: ['message_id'],
    dateField: 'date_received',
    finality: byStatus('delivered', 'expired', 'failed', 'rejected', 'deleted'),
    messageBody: [OUTBOUND, INBOUND],
    concatenated: [OUTBOUND],
  }),
  rules(Product.SMS_TRAFFIC_CONTROL, {
    idFields: ['message_id', 'id'],
    rowsPerId: 'several',
    dateField: 'queued_time',
    // A row reports one event, so a queued row stays as it is; the dequeueing is a second row of the same id.
    finality: byStatus('dequeued'),
  }),
  rules(Product.VOICE_CALL, {
    direction: 'optional',
    idFields: ['call_id', 'id'],
    dateField: 'date_start',
    finality: writtenWhenFinished,
  }),
  rules(Product.VOICE_FAILED, {
    direction: 'optional',
    idFields: ['call_id', 'id'],
    dateField: 'date_start',
    finality: writtenWhenFinished,
  }),
  rules(Product.VOICE_TTS, {
    idFields: ['id', 'trace_id'],
    dateField: 'creation_date',
    finality: writtenWhenFinished,
  }),
  rules(Product.IN_APP_VOICE, {
    idFields: ['request_id', 'id', 'leg_id'],
    dateField: 'date_start',
    finality: writtenWhenFinished,
  }),
  rules(Product.WEBSOCKET_CALL, {
    idFields: ['call_id', 'id'],
    rowsPerId: 'several',
    dateField: 'date_start',
    finality: writtenWhenFinished,
  }),
  rules(Product.ASR, {
    direction: 'optional',
    idFields: ['call_id', 'id'],
    rowsPerId: 'several',
    dateField: 'date_start',
    finality: writtenWhenFinished,
  }),
  rules(Product.AMD, {
    idFields: ['call_id', 'id'],
    rowsPerId: 'several',
    dateField: 'start_time',
    finality: writtenWhenFinished,
  }),
  rules(Product.VERIFY_API, {
    idFields: ['request_id', 'id'],
    dateField: 'date_received',
    finality: byStatus('SUCCESS'),
  }),
  rules(Product.VERIFY_V2, {
    idFields: ['request_id', 'parent_request_id', 'id'],
    rowsPerId: 'several',
    dateField: 'date_received',
    finality: byAge,
  }),
  rules(Product.NUMBER_INSIGHT, {
    idFields: ['request_id', 'id'],
    dateField: 'date_received',
    finality: writtenWhenFinished,
  }),
  rules(Product.NUMBER_INSIGHT_V2, {
    idFields: ['request_id', 'id'],
    dateField: 'date_received',
    finality: writtenWhenFinished,
  }),
  rules(Product.MESSAGES, {
    direction: 'required',
    idFields: ['message_id', 'id'],
    dateField: 'date_received',
    // A delivered message may still become read on channels with read receipts.
    finality: byStatus('read', 'rejected', 'undeliverable'),
    messageBody: [OUTBOUND, INBOUND],
  }),
  rules(Product.CONVERSATION_EVENT, {
    idFields: ['request_id', 'id'],
    rowsPerId: 'several',
    dateField: 'creation_date',
    finality: writtenWhenFinished,
  }),
  rules(Product.CONVERSATION_MESSAGE, {
    idFields: ['id', 'trace_id'],
    dateField: 'creation_date',
    finality: writtenWhenFinished,
  }),
  rules(Product.VIDEO_API, { idFields: ['id'], dateField: 'date_start', finality: byAge }),
  rules(Product.NETWORK_API_EVENT, {
    idFields: ['request_session_id', 'id'],
    rowsPerId: 'several',
    dateField: 'event_time',
    finality: byStatus('SUCCESS', 'FAILED'),
  }),
  rules(Product.REPORTS_USAGE, { idFields: ['id'], dateField: 'date_received', finality: byAge }),
  rules(Product.CONVERSATIONS, {
    idFields: ['request_id'],
    rowsPerId: 'several',
    dateField: 'date_start',
    finality: writtenWhenFinished,
    deprecated: true,
  }),
  // No source publishes a record: any row of a look-up for one id is taken as it comes.
  rules(Product.MEETINGS, { idFields: ['id'], dateField: null, finality: byAge, deprecated: true }),
]);

const byProduct = new Map(products.map((each) => [each.product, each]));

/** The rules of one product. */
export function rulesOf(product: Product): ProductRules {
  const found = byProduct.get(product);
  if (!found) throw new TypeError(`Expected a Product, got: ${String(product)}`);
  return found;
}

type Given = Partial<ProductRules> & Pick<ProductRules, 'idFields' | 'dateField' | 'finality'>;

function rules(product: Product, given: Given): ProductRules {
  const defaults = {
    direction: 'refused',
    rowsPerId: 'one',
    messageBody: [],
    concatenated: [],
    deprecated: false,
  } as const;
  return Object.freeze({ product, ...defaults, ...given });
}

function byStatus(...terminal: string[]): Finality {
  return {
    kind: 'by-status',
    statusField: 'status',
    terminal: new Set(terminal.map((each) => each.toUpperCase())),
  };
}
