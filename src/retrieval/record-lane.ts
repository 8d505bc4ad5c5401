import type { Direction } from '../catalogue/direction.js';
import type { Product } from '../catalogue/product.js';
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
  const others = details.filter((each) => !sameDetail(each, detail));
  return {
    ...place,
    detail,
    name: laneName(place, detail),
    servedBy: others.filter((each) => covers(each, detail)).map((each) => laneName(place, each)),
    serves: others.filter((each) => covers(detail, each)).map((each) => laneName(place, each)),
  };
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
