import { Direction, Product } from '../product.js';
import { byStatus, type RowFacts } from '../row-facts.js';

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
