import { useMemo, useState } from 'preact/hooks';
import { type Column, type TableRow, textOf } from './fields.js';

interface ResultTableProps {
  readonly rows: readonly TableRow[];
  readonly columns: readonly Column[];
  onOpen(row: TableRow): void;
}

interface Order {
  /** Undefined for the order of the question. */
  readonly column: Column | undefined;
  readonly isDescending: boolean;
}

/** Rows that are drawn at once; a list of thousands would slow the browser down. */
const rowsDrawn = 500;

/** A table that sorts by its columns. The first cell of a row opens its record. */
export function ResultTable({ rows, columns, onOpen }: ResultTableProps) {
  const [order, setOrder] = useState<Order>({ column: undefined, isDescending: false });
  const sorted = useMemo(() => sort(rows, order), [rows, order]);
  const sortBy = (column: Column) =>
    setOrder({ column, isDescending: order.column === column && !order.isDescending });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section class="scroll" aria-label="Records" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">id</th>
            {columns.map((column) => (
              <th key={column.name} scope="col" aria-sort={sortOf(column, order)}>
                <button type="button" onClick={() => sortBy(column)}>
                  {column.name}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, rowsDrawn).map((row) => (
            <tr key={row.record.id}>
              <th scope="row">
                <button type="button" class="open" onClick={() => onOpen(row)}>
                  {row.requestedId}
                </button>
              </th>
              {columns.map(({ name, isNumber }) => (
                <td key={name} class={isNumber ? 'number' : ''}>
                  {textOf(row.record[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > rowsDrawn && (
        <p>{`The table shows ${rowsDrawn} of ${sorted.length} records; the downloads hold all of them.`}</p>
      )}
    </section>
  );
}

function sortOf(column: Column, { column: sorted, isDescending }: Order) {
  if (column !== sorted) return 'none';
  return isDescending ? 'descending' : 'ascending';
}

/** Rows without a value come last, whatever the order. */
function sort(rows: readonly TableRow[], { column, isDescending }: Order): readonly TableRow[] {
  if (!column) return rows;
  const cell = ({ record }: TableRow) => record[column.name];
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [cell(one), cell(other)];
    if (a == null || b == null) return Number(a == null) - Number(b == null);
    return sign * (column.isNumber ? Number(a) - Number(b) : String(a) < String(b) ? -1 : 1);
  });
}
