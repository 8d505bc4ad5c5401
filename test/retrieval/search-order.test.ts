import { Product } from '../../src/catalogue/product.js';
import { candidateLanes } from '../../src/retrieval/lookup/lanes.js';
import { SearchOrder } from '../../src/retrieval/lookup/lookup.js';
import { noContent } from '../support/engine.js';

const hex32 = '63f61863'.repeat(4);
const lanes = candidateLanes({
  accountId: 'abcd1234',
  products: Object.values(Product),
  direction: null,
  content: noContent,
});

/** The products in the order in which a search asks them, each once. */
function orderFor(id: string): Product[] {
  return [...new Set(new SearchOrder().sort(id, lanes).map(({ product }) => product))];
}

const { VERIFY_API, VOICE_CALL, VOICE_FAILED, WEBSOCKET_CALL, ASR, AMD, VOICE_TTS } = Product;
const { CONVERSATION_EVENT, CONVERSATION_MESSAGE, IN_APP_VOICE } = Product;
const calls = [VOICE_CALL, VOICE_FAILED, WEBSOCKET_CALL, ASR, AMD, VOICE_TTS];

test.each([
  ['16 hex digits', '15000000E1F8B123', [Product.SMS]],
  ['32 hex digits', hex32, [VERIFY_API, ...calls]],
  ['32 hex digits in upper case', hex32.toUpperCase(), [VERIFY_API, ...calls]],
  ['32 hex digits with a suffix', `${hex32}-1`, calls],
  [
    'a UUID',
    'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
    [Product.MESSAGES, Product.VERIFY_V2, VOICE_CALL, VERIFY_API],
  ],
  [
    'CON-',
    'CON-d66d47de-5bcb-4300-94f0-0c9d4b948e9a',
    [CONVERSATION_EVENT, CONVERSATION_MESSAGE, IN_APP_VOICE],
  ],
  ['vn-', 'vn-2d0ed9c0-28f2-4ae8-9b0a-5d2bfd7b6b0f', [Product.NETWORK_API_EVENT]],
  ['1_', '1_MX4xMjM0NTY3OH5-VGh1IEZlYg', [Product.VIDEO_API]],
])('an id of the shape %s is looked for first where such ids are', (_what, id, first) => {
  expect(orderFor(id).slice(0, first.length)).toEqual(first);
  expect(orderFor(id)).toHaveLength(Object.values(Product).length);
});
