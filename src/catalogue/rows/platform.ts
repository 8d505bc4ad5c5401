import { Product } from '../product.js';
import { byAge, byStatus, type RowFacts, writtenWhenFinished } from '../row-facts.js';

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
