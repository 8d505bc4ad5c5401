import { count, quantity } from '../src/records-client/text.js';
import type { Fields, TableRow } from './fields.js';
import type { Miss, Result } from './lookups.js';
import { ResultTable } from './result-table.js';
import { toCsv, toJson } from './table-texts.js';

interface ResultViewProps {
  readonly result: Result;
  readonly fields: Fields;
  onOpen(row: TableRow): void;
}

/** The summary, the table, and the ids without a record. */
export function ResultView({ result, fields, onOpen }: ResultViewProps) {
  const { rows, misses, fault } = result;
  const columns = fields.columns.filter(({ name }) => rows.some(({ record }) => record[name] != null));
  const names = columns.map(({ name }) => name);
  return (
    <section aria-label="Result">
      <p class="summary">{summaryOf(result)}</p>
      {fault !== undefined && (
        <p class="error" role="alert">
          {`The list lacks records: ${fault}`}
        </p>
      )}
      {rows.length > 0 && (
        <p class="downloads">
          <button type="button" onClick={() => download('records.csv', 'text/csv', toCsv(names, rows))}>
            Download CSV
          </button>
          <button type="button" onClick={() => download('records.json', 'application/json', toJson(rows))}>
            Download JSON
          </button>
        </p>
      )}
      {rows.length > 0 && <ResultTable rows={rows} columns={columns} onOpen={onOpen} />}
      {misses.length > 0 && <Misses misses={misses} />}
    </section>
  );
}

/** Lets the browser save a text as a file. */
function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

function Misses({ misses }: { readonly misses: readonly Miss[] }) {
  return (
    <details open>
      <summary>{misses.length} without a record</summary>
      <ul class="misses">
        {misses.map(({ id, reason, isFailure }) => (
          <li key={id} class={isFailure ? 'failure' : ''}>
            <code>{id}</code> {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function summaryOf({ rows, misses, calls, recordsBilled }: Result): string {
  const failed = misses.filter(({ isFailure }) => isFailure).length;
  const cost =
    calls === undefined || recordsBilled === undefined
      ? []
      : [`${quantity(calls, 'call')}, ${quantity(recordsBilled, 'record')} billed`];
  return [
    `${quantity(rows.length, 'record')} found`,
    `${quantity(misses.length - failed, 'id')} not found`,
    `${count(failed)} failed`,
    ...pricesOf(rows),
    ...cost,
  ].join(' · ');
}

/** The sum of prices in each currency, exact to the digits that the records have. */
function pricesOf(rows: readonly TableRow[]): string[] {
  const sums = new Map<string, bigint>();
  for (const { record } of rows) {
    const { totalPrice, currency } = record;
    if (typeof totalPrice !== 'string') continue;
    const name = typeof currency === 'string' ? currency : 'without currency';
    sums.set(name, (sums.get(name) ?? 0n) + scaled(totalPrice));
  }
  return [...sums].map(([name, sum]) => `${unscaled(sum)} ${name}`);
}

const digits = 12;

function scaled(price: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(price) ?? [];
  return BigInt(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
}

function unscaled(sum: bigint): string {
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '').padEnd(2, '0');
  return `${sum < 0n ? '-' : ''}${text.slice(0, -digits)}.${fraction}`;
}
