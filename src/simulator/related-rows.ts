import { Direction, Product } from '../catalogue/product.js';
import { seededHex, seededUuid } from './row-maker.js';

/** What sets one row of an event apart: the values that tie it to other rows. */
export interface RelatedRow {
  readonly direction: Direction | null;
  readonly given: Readonly<Record<string, string>>;
}

type Relation = (index: number, direction: Direction | null) => readonly RelatedRow[];

/**
 * The rows that Vonage writes for one event, tied to the rows of other products by their ids: a call has its
 * recognition, detection and WebSocket rows, an SMS its way through the throttling queue, a verification its channels.
 */
export function relatedRows(
  product: Product,
  direction: Direction | null,
  index: number,
): readonly RelatedRow[] {
  return (relations[product] ?? plain(product))(index, direction);
}

const relations: Partial<Record<Product, Relation>> = {
  [Product.SMS]: (index, direction) => [
    {
      direction,
      given: { message_id: smsId(index, direction), id: rowId(Product.SMS, index, direction ?? '') },
    },
  ],
  // Every tenth SMS waited in the queue.
  [Product.SMS_TRAFFIC_CONTROL]: (index) =>
    index % 10 === 0 ? ['queued', 'dequeued'].map((status) => queueRow(index, status)) : [],
  [Product.MESSAGES]: (index, direction) => {
    const id = seededUuid('messages', direction ?? '', index);
    return [{ direction, given: { message_id: id, id } }];
  },
  [Product.VOICE_CALL]: (index) => [callRow(Product.VOICE_CALL, index, 0, side(index))],
  [Product.VOICE_FAILED]: (index) => [
    {
      direction: side(index),
      given: { call_id: seededHex(32, 'failed call', index), id: rowId(Product.VOICE_FAILED, index) },
    },
  ],
  // Speech was recognised in two segments in every other call, an answering machine looked for in every third.
  [Product.ASR]: (index) =>
    index % 2 === 0 ? [0, 1].map((segment) => callRow(Product.ASR, index, segment, side(index))) : [],
  [Product.AMD]: (index) => (index % 3 === 0 ? [callRow(Product.AMD, index, 0, null)] : []),
  [Product.WEBSOCKET_CALL]: (index) =>
    index % 4 === 0 ? [callRow(Product.WEBSOCKET_CALL, index, 0, null)] : [],
  // Two texts were spoken in every fifth call, for each of which Vonage wrote a row.
  [Product.VOICE_TTS]: (index) =>
    index % 5 === 0 ? [0, 1].map((text) => callRow(Product.VOICE_TTS, index, text, null)) : [],
  [Product.IN_APP_VOICE]: (index) => {
    const id = rowId(Product.IN_APP_VOICE, index);
    return [{ direction: null, given: { id, request_id: id, conversation_id: conversationId(index) } }];
  },
  [Product.VERIFY_V2]: verifyRow,
  [Product.CONVERSATION_EVENT]: (index) => conversationRow(Product.CONVERSATION_EVENT, index),
  [Product.CONVERSATION_MESSAGE]: (index) => conversationRow(Product.CONVERSATION_MESSAGE, index),
};

/** A row of its own, under whichever of the ids its type has. */
function plain(product: Product): Relation {
  return (index, direction) => {
    const requestId = seededUuid(product, 'request', index);
    return [
      {
        direction,
        given: { id: rowId(product, index), request_id: requestId, request_session_id: requestId },
      },
    ];
  };
}

function queueRow(index: number, status: string): RelatedRow {
  const messageId = smsId(index, Direction.OUTBOUND);
  return {
    direction: null,
    given: { message_id: messageId, status, id: rowId(Product.SMS_TRAFFIC_CONTROL, index, status) },
  };
}

/** Every third request has two channel events after it. */
function verifyRow(index: number): readonly RelatedRow[] {
  const requestId = (of: number) => seededUuid(Product.VERIFY_V2, 'request', of);
  const parent = index - (index % 3);
  const own = { request_id: requestId(index), id: rowId(Product.VERIFY_V2, index) };
  if (index === parent) return [{ direction: null, given: { ...own, channel: 'v2', parent_request_id: '' } }];
  const channel = index % 3 === 1 ? 'email' : 'silent_auth';
  return [{ direction: null, given: { ...own, channel, parent_request_id: requestId(parent) } }];
}

function callRow(product: Product, index: number, segment: number, direction: Direction | null): RelatedRow {
  return { direction, given: { call_id: callId(index), id: rowId(product, index, segment) } };
}

function conversationRow(product: Product, index: number): readonly RelatedRow[] {
  const requestId =
    product === Product.CONVERSATION_EVENT ? { request_id: seededUuid(product, 'request', index) } : {};
  return [
    {
      direction: null,
      given: { id: rowId(product, index), ...requestId, conversation_id: conversationId(index) },
    },
  ];
}

/** Outbound and inbound calls alternate. */
function side(index: number): Direction {
  return index % 2 === 0 ? Direction.OUTBOUND : Direction.INBOUND;
}

function smsId(index: number, direction: Direction | null): string {
  return seededHex(16, 'sms', direction ?? '', index).toUpperCase();
}

function callId(index: number): string {
  return `${seededHex(32, 'call', index)}-1`;
}

function conversationId(index: number): string {
  return `CON-${seededUuid('conversation', index)}`;
}

function rowId(product: Product, index: number, part: string | number = ''): string {
  return seededUuid(product, 'row', index, part);
}
