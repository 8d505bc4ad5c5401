/** How a look-up ended. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };
