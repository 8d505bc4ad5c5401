/** Property names that JavaScript objects inherit or treat specially. */
export const objectPropertyNames = [
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
