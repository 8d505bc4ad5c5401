import { Direction, Product } from '../../src/catalogue/product.js';
import { sampleAccountId } from '../../src/simulator/sample-rows.js';
import type { Simulator } from '../../src/simulator/simulator.js';

/**
 * Adds a delivered outbound SMS for each id, of the account that the gateway asks by default.
 *
 * @param fieldsOf more columns of the row at an index
 */
export function addSms(
  { dataset }: Simulator,
  ids: readonly string[],
  fieldsOf: (index: number) => Readonly<Record<string, string>>,
): void {
  for (const [index, message_id] of ids.entries())
    dataset.add({
      product: Product.SMS,
      direction: Direction.OUTBOUND,
      row: { account_id: sampleAccountId, message_id, status: 'delivered', ...fieldsOf(index) },
    });
}
