import type { Direction } from '../catalogue/direction.js';
import type { Product } from '../catalogue/product.js';
import { rulesOf } from '../catalogue/products.js';
import type { LaneKey } from '../traffic/coalescer.js';

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
