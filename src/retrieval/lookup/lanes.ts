import { Direction, type Product } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import { recordTypeOf } from '../../records/record-types.js';
import type { LaneKey } from '../../traffic/batching/lane.js';

/** What of a record costs more than the plain row, by GraphQL type: asked of Vonage only when an operation selects it. */
export interface SelectedContent {
  /** Record types whose `messageBody` is selected. */
  readonly messageBodyOf: ReadonlySet<string>;
  /** Record types whose `concatenated` is selected. */
  readonly concatenatedOf: ReadonlySet<string>;
}

/** One record that somebody wants. The id is valid; product and direction fit together. */
export interface RecordRequest {
  readonly id: string;
  readonly accountId: string;
  /** The products to look in; the first that knows the id wins. */
  readonly products: readonly Product[];
  /** Null where it is not known: both are looked in if the product needs one. */
  readonly direction: Direction | null;
  readonly content: SelectedContent;
}

/** What a look-up asks for beyond the plain row. */
export interface Detail {
  /** The text of the message: personal, so never fetched unasked. */
  readonly messageBody: boolean;
  /** Whether the message was cut into parts. */
  readonly concatenated: boolean;
}

/** Look-ups that may leave in one call: Vonage takes one account, product, direction and detail a call. */
export interface RecordLane extends LaneKey {
  readonly accountId: string;
  readonly product: Product;
  readonly direction: Direction | null;
  readonly detail: Detail;
  /** What the lane would be called if nobody wanted the text. */
  readonly nameWithoutBody: string;
  /** Of `servedBy` those whose rows are without the text. */
  readonly servedWithoutBody: readonly string[];
}

type Place = Pick<RecordLane, 'accountId' | 'product' | 'direction'>;

const details: readonly Detail[] = [
  { messageBody: false, concatenated: false },
  { messageBody: false, concatenated: true },
  { messageBody: true, concatenated: false },
  { messageBody: true, concatenated: true },
];

/** The lane of a place and a detail. A fuller row may answer a thinner question, never the reverse. */
export function recordLane(place: Place, detail: Detail): RecordLane {
  const fullest = fullestDetail(place.product, place.direction);
  const others = details.filter((each) => covers(fullest, each) && !sameDetail(each, detail));
  const fuller = others.filter((each) => covers(each, detail));
  const nameOf = (each: Detail) => laneName(place, each);
  return {
    ...place,
    detail,
    name: nameOf(detail),
    servedBy: fuller.map(nameOf),
    serves: others.filter((each) => covers(detail, each)).map(nameOf),
    nameWithoutBody: nameOf({ ...detail, messageBody: false }),
    servedWithoutBody: fuller.filter(({ messageBody }) => !messageBody).map(nameOf),
  };
}

/** What may be asked for in a place: few products know these parameters. */
export function fullestDetail(product: Product, direction: Direction | null): Detail {
  const rules = rulesOf(product);
  const takes = (directions: readonly Direction[]) => direction !== null && directions.includes(direction);
  return { messageBody: takes(rules.messageBody), concatenated: takes(rules.concatenated) };
}

function laneName({ accountId, product, direction }: Place, { messageBody, concatenated }: Detail): string {
  const extras = `${messageBody ? '+body' : ''}${concatenated ? '+concatenated' : ''}`;
  return `${accountId}/${product}/${direction ?? ''}${extras}`;
}

function covers(fuller: Detail, thinner: Detail): boolean {
  return (fuller.messageBody || !thinner.messageBody) && (fuller.concatenated || !thinner.concatenated);
}

function sameDetail(one: Detail, other: Detail): boolean {
  return one.messageBody === other.messageBody && one.concatenated === other.concatenated;
}

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
