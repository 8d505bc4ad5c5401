import fc from 'fast-check';
import { Direction, Product } from '../src/catalogue/product.js';
import { rulesOf } from '../src/catalogue/products.js';
import { encodeGlobalId } from '../src/records/global-id.js';
import { sampleAccountId } from '../src/simulator/sample-rows.js';
import type { Simulator } from '../src/simulator/simulator.js';
import { hostileText } from './hostile-text.js';

const mark = 'vr1_';
const vonageId = fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/);
const part = fc.oneof(vonageId, hostileText);

/** A well-formed global id with arbitrary parts, such as an attacker forges. */
const forgedId = fc
  .record({
    accountId: fc.oneof(fc.constantFrom('abcd1234', 'a'.repeat(65)), part),
    product: fc.constantFrom<Product>(...Object.values(Product), 'NOTHING' as Product),
    direction: fc.constantFrom(null, Direction.INBOUND, Direction.OUTBOUND),
    vonageId: part,
    rowKey: fc.option(part),
  })
  .map(encodeGlobalId);

/** A forged global id that is cut, lengthened, padded, or has a changed letter. */
const tamperedId = fc
  .tuple(forgedId, fc.nat(200), fc.constantFrom('', 'A', '=', '/', '\n', '==', 'vr1_'))
  .map(([id, at, put]) => id.slice(0, mark.length + at) + put + id.slice(mark.length + at + 1));

/** Ids in every format. Some of them are known. */
export function idText(known: readonly string[]): fc.Arbitrary<string> {
  const knownId = fc.constantFrom(...known);
  return fc.oneof(
    { weight: 8, arbitrary: knownId },
    { weight: 1, arbitrary: knownId.map((id) => id.toUpperCase()) },
    { weight: 1, arbitrary: knownId.map((id) => id.slice(0, -1)) },
    { weight: 3, arbitrary: vonageId },
    { weight: 3, arbitrary: hostileText },
    { weight: 1, arbitrary: forgedId },
    { weight: 1, arbitrary: tamperedId },
    { weight: 1, arbitrary: fc.constantFrom(mark, 'vr2_abc', `${mark}${'A'.repeat(10_000)}`) },
  );
}

/** Ids of records of every product that a simulator has, and global ids of some of them. */
export function knownIds({ dataset }: Simulator): string[] {
  return Object.values(Product).flatMap((product) => {
    const direction = rulesOf(product).direction === 'required' ? Direction.OUTBOUND : null;
    const ids = dataset.ids(product, direction).slice(0, 4);
    const parts = { accountId: sampleAccountId, product, direction, rowKey: null };
    return [...ids, ...ids.slice(0, 2).map((vonageId) => encodeGlobalId({ ...parts, vonageId }))];
  });
}
