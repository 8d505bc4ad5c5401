/** A field as the schema describes it. */
export interface DescribedField {
  readonly name: string;
  readonly description: string;
}

export interface RecordType {
  readonly fields: readonly DescribedField[];
  /** Fields whose value costs a billed record of its own. */
  readonly billedFields: readonly DescribedField[];
  /** Fields that lead to other records, which may take further calls. */
  readonly edges: readonly DescribedField[];
}

export interface Column {
  readonly name: string;
  readonly isNumber: boolean;
}

/** What the page knows of the schema; the build writes it. */
export interface Fields {
  readonly products: readonly string[];
  readonly columns: readonly Column[];
  /** Selection of the columns on `VonageRecord`. */
  readonly selection: string;
  readonly types: Readonly<Record<string, RecordType>>;
}

/** A record with the columns of the table. */
export type TableRecord = Readonly<Record<string, unknown>> & {
  readonly __typename: string;
  readonly id: string;
  readonly vonageId: string;
};

/** One line of the table. */
export interface TableRow {
  /** The id that was asked for; that of the record in a list by date. */
  readonly requestedId: string;
  readonly record: TableRecord;
}

export async function loadFields(): Promise<Fields> {
  const response = await fetch('/lookup/fields.json');
  return (await response.json()) as Fields;
}

/** A value as text for a person. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, undefined, 2) : String(value);
}
