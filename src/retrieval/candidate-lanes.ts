import { Direction } from '../catalogue/direction.js';
import type { Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import { recordTypeOf } from '../records/record-types.js';
import { type Detail, fullestDetail, type RecordLane, recordLane } from './record-lane.js';
import type { RecordRequest, SelectedContent } from './record-request.js';

/** What the lanes of a request follow from, besides what it selects. */
type Scope = Pick<RecordRequest, 'accountId' | 'products' | 'direction'>;

/** Knows the lanes that may know a record. The ids of one field share their lanes, which are made once. */
export class CandidateLanes {
  /** The latest scope of each selection; its field's ids come one after another. */
  readonly #latest = new WeakMap<SelectedContent, { readonly scope: Scope; readonly lanes: RecordLane[] }>();

  /** The lanes, the likeliest first. */
  of(request: RecordRequest): readonly RecordLane[] {
    const known = this.#latest.get(request.content);
    if (known && isSameScope(known.scope, request)) return known.lanes;
    const { accountId, products, direction, content } = request;
    const lanes = candidateLanes(request);
    this.#latest.set(content, { scope: { accountId, products, direction }, lanes });
    return lanes;
  }
}

function isSameScope(one: Scope, other: Scope): boolean {
  return (
    one.accountId === other.accountId && one.products === other.products && one.direction === other.direction
  );
}

function candidateLanes(request: RecordRequest): RecordLane[] {
  return request.products.flatMap((product) =>
    directionsOf(product, request.direction).map((direction) =>
      recordLane(
        { accountId: request.accountId, product, direction },
        detailOf(product, direction, request.content),
      ),
    ),
  );
}

/** SMS and MESSAGES need a direction, so one that is not known costs two lanes; most traffic goes out. */
function directionsOf(product: Product, direction: Direction | null): (Direction | null)[] {
  const { direction: rule } = rulesOf(product);
  if (rule === 'refused') return [null];
  if (direction !== null || rule === 'optional') return [direction];
  return [Direction.OUTBOUND, Direction.INBOUND];
}

function detailOf(product: Product, direction: Direction | null, content: SelectedContent): Detail {
  const fullest = fullestDetail(product, direction);
  const typeName = recordTypeOf(product, direction)?.recordClass.name ?? '';
  return {
    messageBody: fullest.messageBody && content.messageBodyOf.has(typeName),
    concatenated: fullest.concatenated && content.concatenatedOf.has(typeName),
  };
}
