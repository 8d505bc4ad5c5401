/**
 * How large one operation may be. An operation that exceeds a limit is rejected as a whole, before any resolver runs. A
 * fragment counts each time that it is spread.
 */
export interface OperationLimits {
  /** Lexical tokens of the document: names, numbers, strings and punctuators. */
  readonly maxTokens: number;
  /** Operations and fragments defined in the document. */
  readonly maxDefinitions: number;
  /** Fields and fragments selected in the whole document. */
  readonly maxSelections: number;
  /** Nested fields, the outermost included. */
  readonly maxDepth: number;
  /** Nested fields from `__schema` or `__type` on; they do not count towards `maxDepth`. */
  readonly maxIntrospectionDepth: number;
  readonly maxAliases: number;
  /** Characters of one alias; a response repeats it for every record. */
  readonly maxAliasLength: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  /** How often one field of the response may be selected. */
  readonly maxRepeats: number;
  /** Errors that are listed for a document or its variables, from 2 up; the last one says that there are more. */
  readonly maxErrors: number;
  /** Ids of all lookups together. */
  readonly maxIds: number;
  /** Records that the ids may return, including the records at the ends of edges. */
  readonly maxRecords: number;
  /** Values that these records may show in the response. */
  readonly maxValues: number;
}
