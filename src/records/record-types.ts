import { Direction } from '../catalogue/direction.js';
import { Product } from '../catalogue/product.js';
import { SmsInboundRecord, SmsOutboundRecord } from './sms.js';
import type { UsageRecord } from './usage-record.js';
import { VerifyApiRecord } from './verify.js';

/** A record class and what its rows are rows of; the direction is null where one class serves both or none. */
export interface RecordTypeEntry {
  readonly recordClass: new () => UsageRecord;
  readonly product: Product;
  readonly direction: Direction | null;
}

/** Every record type, in the order of the products. */
export const recordTypes: readonly RecordTypeEntry[] = Object.freeze([
  entry(SmsOutboundRecord, Product.SMS, Direction.OUTBOUND),
  entry(SmsInboundRecord, Product.SMS, Direction.INBOUND),
  entry(VerifyApiRecord, Product.VERIFY_API),
]);

/** The record type of a product's rows in one direction; undefined where Vonage publishes no fields. */
export function recordTypeOf(product: Product, direction: Direction | null): RecordTypeEntry | undefined {
  return recordTypes.find(
    (each) => each.product === product && (each.direction === null || each.direction === direction),
  );
}

function entry(
  recordClass: new () => UsageRecord,
  product: Product,
  direction: Direction | null = null,
): RecordTypeEntry {
  return Object.freeze({ recordClass, product, direction });
}
