import { Direction, type Product } from '../../catalogue/product.js';
import { rulesOf } from '../../catalogue/products.js';
import type { WireRow } from '../../records/base.js';
import { recordTypeOf } from '../../records/record-types.js';
import type { LaneKey } from '../../traffic/batching/lane.js';

/** What of a record costs more than the plain row, by GraphQL type: asked of Vonage only when an operation selects it. */
export interface SelectedContent {
  /** Record types whose `messageBody` is selected. */
  readonly messageBodyOf: ReadonlySet<string>;
  /** Record types whose `concatenated` is selected. */
  readonly concatenatedOf: ReadonlySet<string>;
}

/** Rows of one id; none when Vonage does not know it in that lane. */
export type Rows = readonly WireRow[];

/** Where ids are looked for. Product and direction fit together. */
export interface LookupScope {
  readonly accountId: string;
  /** Products to search; the first that knows an id wins. */
  readonly products: readonly Product[];
  /** Null where it is not known: both directions are searched if the product needs one. */
  readonly direction: Direction | null;
  readonly content: SelectedContent;
}

/** What a lookup asks for beyond the plain row. */
export interface Detail {
  /** The text of the message: personal, so never fetched unasked. */
  readonly messageBody: boolean;
  /** Whether the message was cut into parts. */
  readonly concatenated: boolean;
}

/** Lookups that can share a call: Vonage takes one account, product, direction and detail a call. */
export interface RecordLane extends LaneKey {
  readonly accountId: string;
  readonly product: Product;
  readonly direction: Direction | null;
  readonly detail: Detail;
  /** The lane's name without the text of messages. */
  readonly nameWithoutBody: string;
  /** The lanes of `servedBy` whose rows are without the text. */
  readonly servedWithoutBody: readonly string[];
}

type Place = Pick<RecordLane, 'accountId' | 'product' | 'direction'>;

const details: readonly Detail[] = [
  { messageBody: false, concatenated: false },
  { messageBody: false, concatenated: true },
  { messageBody: true, concatenated: false },
  { messageBody: true, concatenated: true },
];

/** The lane of a place and a detail. A row with more detail serves a lookup that asks for less, never the reverse. */
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

/** The lane of the same place with at least the detail of a lane; undefined where the place does not offer it, or it is less. */
export function fullerLane(lane: RecordLane, detail: Detail): RecordLane | undefined {
  const { accountId, product, direction } = lane;
  const fuller = recordLane({ accountId, product, direction }, detail);
  return fuller.name === lane.name || lane.servedBy.includes(fuller.name) ? fuller : undefined;
}

/** The most detail that a place offers: few products know these parameters. */
function fullestDetail(product: Product, direction: Direction | null): Detail {
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

/** The lanes that can know the records of a scope, in the order of its products. */
export function candidateLanes({ accountId, products, direction, content }: LookupScope): RecordLane[] {
  return products.flatMap((product) =>
    directionsOf(product, direction).map((each) =>
      recordLane({ accountId, product, direction: each }, detailOf(product, each, content)),
    ),
  );
}

/** SMS and MESSAGES need a direction, so without one they cost two lanes. Most traffic is outbound. */
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
