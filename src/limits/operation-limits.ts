/**
 * How large one operation may be. What exceeds a limit is refused as a whole, before anything of it runs. Fragments count
 * as often as they are spread.
 */
export interface OperationLimits {
  /** Words, numbers, texts and signs in the document. */
  readonly maxTokens: number;
  /** Operations and fragments defined in the document. */
  readonly maxDefinitions: number;
  /** Fields and fragments selected in the whole document. */
  readonly maxSelections: number;
  /** Fields inside one another, the outermost included. */
  readonly maxDepth: number;
  /** The same from `__schema` or `__type` on, which does not count towards `maxDepth`. */
  readonly maxIntrospectionDepth: number;
  readonly maxAliases: number;
  /** Characters of an alias: an answer repeats it for every record. */
  readonly maxAliasLength: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  /** How often one field of the answer may be selected. */
  readonly maxRepeats: number;
  /** Faults that are listed of a document or of its variables, from 2 up: the last says that there are more. */
  readonly maxErrors: number;
  /** Ids of all its look-ups together. */
  readonly maxIds: number;
  /** Records that its ids may bring, with the records to which its edges lead. */
  readonly maxRecords: number;
  /** Values that these records may show in the answer. */
  readonly maxValues: number;
}
