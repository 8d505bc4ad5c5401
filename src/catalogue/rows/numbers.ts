import { Product } from '../product.js';
import { byAge, byStatus, type RowFacts, writtenWhenFinished } from '../row-facts.js';

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
