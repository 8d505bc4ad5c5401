/** Names that mean something to JavaScript. */
export const namesOfObjects = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'then',
  'toJSON',
  'hasOwnProperty',
  'length',
] as const;
