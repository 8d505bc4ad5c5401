import { describe, expect, test } from '@jest/globals';
import { Direction, Product } from '../../src/catalogue/product.js';
import type { RecordRequest } from '../../src/retrieval/lookup/lanes.js';
import { CandidateLanes } from '../../src/retrieval/lookup/lanes.js';

const products = [Product.SMS];
const plain = { messageBodyOf: new Set<string>(), concatenatedOf: new Set<string>() };

function request(changes: Partial<RecordRequest> = {}): RecordRequest {
  return {
    id: 'A1',
    accountId: 'abcd1234',
    products,
    direction: Direction.OUTBOUND,
    content: plain,
    ...changes,
  };
}

describe('candidate lanes', () => {
  test('are made once for the ids of one field', () => {
    const candidates = new CandidateLanes();
    expect(candidates.of(request({ id: 'A2' }))).toBe(candidates.of(request()));
  });

  test.each([
    ['account', { accountId: 'other' }, 'other/SMS/outbound'],
    ['direction', { direction: Direction.INBOUND }, 'abcd1234/SMS/inbound'],
    ['products', { products: [Product.ASR] }, 'abcd1234/ASR/outbound'],
    [
      'selection',
      { content: { messageBodyOf: new Set(['SmsOutboundRecord']), concatenatedOf: new Set<string>() } },
      'abcd1234/SMS/outbound+body',
    ],
  ])('follow another %s', (_what, changes, name) => {
    const candidates = new CandidateLanes();
    candidates.of(request());
    expect(candidates.of(request(changes)).map((lane) => lane.name)).toEqual([name]);
    expect(candidates.of(request()).map((lane) => lane.name)).toEqual(['abcd1234/SMS/outbound']);
  });
});
