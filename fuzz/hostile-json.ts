import fc from 'fast-check';
import { hostileText } from './hostile-text.js';

/** Nested lists. */
function nested(depth: number): unknown {
  let value: unknown = 'a';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

const keys = fc.oneof(
  fc.constantFrom('__typename', 'id', 'constructor', 'toString', 'then', 'toJSON'),
  hostileText,
);

/**
 * Any JSON value, with a preference for values that break programs. It has no own key `__proto__`, because `JSON.parse`
 * treats that key specially.
 */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    1.5,
    1e300,
    -1,
    2 ** 31,
    2 ** 53,
    1e21,
    [],
    {},
    [null],
    [[]],
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(10, 100, 1000).map(nested),
  fc.array(hostileText, { maxLength: 4 }),
  fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4, noNullPrototype: true }),
  fc.jsonValue({ maxDepth: 3 }),
);
