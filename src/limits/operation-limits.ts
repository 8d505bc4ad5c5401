/**
 * How large one operation may be. The gateway refuses a larger one as a whole, before any of it runs. A fragment counts as
 * often as the operation spreads it.
 */
export interface OperationLimits {
  /** Characters of the document. */
  readonly maxCharacters: number;
  /** Lexical tokens of the document: names, numbers, strings and punctuators. Its comments and commas are counted apart. */
  readonly maxTokens: number;
  /** Levels of nested fields, the root fields included. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  /** Ids of all its lookups together. */
  readonly maxIds: number;
  /** Records that its ids may return, with the records to which its edges lead. */
  readonly maxRecords: number;
  /** Values of these records in the response. */
  readonly maxValues: number;
}

/**
 * Limits that no operator needs to set: the documents of real clients stay far below them, and only documents that attack
 * the validation go beyond.
 */
export const fixedLimits = {
  /** Operations and fragments that a document defines. Validation compares fragments in pairs, so its time grows with the square. */
  maxDefinitions: 100,
  /** Fields and fragments that a document selects. Without fragments the default of 4,000 tokens cannot select as many. */
  maxSelections: 5000,
  /** Levels of nested fields from `__schema` or `__type` on. The introspection query of common tools has 15. */
  maxIntrospectionDepth: 20,
  /** Characters of an alias. The response repeats it for every record; GraphQL itself sets no limit. */
  maxAliasLength: 128,
  /** Root fields of an operation. `records` takes many ids in one field, so no client needs more. */
  maxRootFields: 100,
  /** Lists by date of an operation. Each one can buy a page of 1,000 records, so together they cost as much as the default of MAX_RECORDS. */
  maxLists: 5,
  /** Directives of an operation. Each one costs validation and execution time and adds nothing to the response. */
  maxDirectives: 50,
  /** Selections of one response field at one place. Leaves room to select a field for each of the 23 record types. */
  maxRepeats: 30,
  /** Errors that a response lists for an invalid document or invalid variables. The last one says that there are more. */
  maxErrors: 5,
} as const;
