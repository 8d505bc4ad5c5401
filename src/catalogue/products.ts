import { type Family, Product, type ProductEdge, type ProductRules, type RowFacts } from './product.js';
import { callRows, messagingRows, numberRows, platformRows } from './product-rows.js';

/**
 * One row per product. A product without a row does not compile.
 *
 * Directions: the API reference and the official SDKs name the products that take one; production users report a 422
 * where it is sent to another (VOICE-TTS, WEBSOCKET-CALL), so a product not named there counts as rejecting it.
 * Id fields: shown by Vonage's samples for SMS, VERIFY-API, MESSAGES and VOICE-CALL, by analogy elsewhere.
 * Several rows an id: queued and dequeued, recognition segments, channel events and the like; an inference everywhere.
 * Final states: a reading of the delivery-receipt states, except where rows are written after the event.
 * `schema/vonage/products.json` holds the sources; a test compares the two.
 */
const rows: Readonly<Record<Product, RowFacts>> = {
  ...messagingRows,
  ...callRows,
  ...numberRows,
  ...platformRows,
};

/** Every product, in the order of Vonage's documentation. */
export const products: readonly ProductRules[] = Object.freeze(
  Object.values(Product).map((product) => complete(product, rows[product])),
);

const byProduct = new Map(products.map((each) => [each.product, each]));

/** The rules of one product. Throws TypeError for anything else. */
export function rulesOf(product: Product): ProductRules {
  const found = byProduct.get(product);
  if (!found) throw new TypeError(`Expected a Product, got: ${String(product)}`);
  return found;
}

/** The products of a family, those that Vonage gave up last. */
export function productsOfFamily(family: Family): readonly Product[] {
  const members = products.filter((each) => each.family === family);
  return members
    .toSorted((one, other) => Number(one.deprecated) - Number(other.deprecated))
    .map(({ product }) => product);
}

/** The edge of a product's records that this GraphQL field follows. Throws TypeError where the row states none. */
export function edgeOf(product: Product, field: string): ProductEdge {
  const edge = rulesOf(product).edges[field];
  if (!edge) throw new TypeError(`Expected an edge of ${product}, got: ${field}`);
  return edge;
}

function complete(product: Product, facts: RowFacts): ProductRules {
  const deprecated = facts.deprecated ?? false;
  return Object.freeze({
    product,
    direction: 'refused',
    rowsPerId: 'one',
    naturalKey: null,
    settling: null,
    withheld: [],
    messageBody: [],
    concatenated: [],
    family: null,
    searchRanks: {},
    edges: {},
    filters: [],
    isFree: false,
    deprecated,
    searchedByDefault: !deprecated,
    ...facts,
  });
}
