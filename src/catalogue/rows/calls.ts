import { Product } from '../product.js';
import { type RowFacts, writtenWhenFinished } from '../row-facts.js';

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
