import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { type ListData, listDocument } from '../records-client/operations.js';
import { count } from '../records-client/text.js';
import type { GatewayClient } from './gateway-client.js';
import { type ListOptions, type Surroundings, UsageError } from './options.js';
import { partOf } from './output.js';
import { exitStatusOf, listSummaryOf, Progress, ProgressLine } from './progress.js';
import { RecordBudget } from './record-budget.js';
import type { RecordFields, SelectedRecord } from './record-fields.js';
import { openRowWriter, type RowWriter } from './row-writer.js';

/** Records of one operation: a whole page, as Vonage sells it. */
const recordsPerPage = 1000;

/**
 * Writes the records of a window of time, page by page.
 *
 * @returns the exit status
 */
export async function runList(
  options: ListOptions,
  client: GatewayClient,
  fields: RecordFields,
  surroundings: Surroundings,
): Promise<number> {
  const { stderr, stdout, interrupted } = surroundings;
  const start = await readListPosition(options.resume);
  const writer = await openRowWriter(options, fields.columns, stdout, start?.bytes);
  const progress = new Progress();
  const showsProgress = stderr.isTTY && !options.quiet;
  const line = showsProgress ? new ProgressLine(progress, (text) => stderr.write(text)) : undefined;
  const position = new ListPosition(options.out);
  const list = new PagedList(client, options, fields, progress);
  let isComplete = false;
  try {
    isComplete = await writePages(list, start, { writer, fields, progress, line, position, interrupted });
  } finally {
    line?.stop();
    await writer.close(isComplete);
    await position.close(isComplete);
  }
  if (!options.quiet) stderr.write(listSummaryOf(progress, { ...options, isComplete }));
  return exitStatusOf(progress, interrupted.aborted && !isComplete);
}

interface Page {
  readonly records: readonly SelectedRecord[];
  /** Where the next page begins; undefined for the last one. */
  readonly after: string | undefined;
  /** Why records of the page are missing. */
  readonly fault: string | undefined;
}

interface Destinations {
  readonly writer: RowWriter;
  readonly fields: RecordFields;
  readonly progress: Progress;
  readonly line: ProgressLine | undefined;
  readonly position: ListPosition;
  readonly interrupted: AbortSignal;
}

/**
 * Writes one page after another, and remembers the place behind each. A page that was cut lacks records, which its failure
 * tells; the gateway does not buy it twice.
 *
 * @returns whether the list came to its end
 */
async function writePages(
  list: PagedList,
  start: Position | undefined,
  { position, interrupted, ...destinations }: Destinations,
): Promise<boolean> {
  let after = start?.after;
  do {
    await position.save({ after, bytes: destinations.writer.bytes });
    const page = await list.next(after);
    if (!page) return false;
    await write(page, destinations);
    if (page.after === undefined) return page.fault === undefined;
    ({ after } = page);
  } while (!interrupted.aborted);
  await position.save({ after, bytes: destinations.writer.bytes });
  return false;
}

async function write(
  { records, fault }: Page,
  { writer, fields, progress, line }: Omit<Destinations, 'position' | 'interrupted'>,
): Promise<void> {
  const rows = records.map((record) => fields.rowOf(String(record.vonageId), record));
  for (const row of rows) progress.record({ id: String(row.requestedId), rows: [row] });
  if (fault !== undefined) progress.record({ id: 'the page', rows: [], failure: fault });
  // The rows may go to the same terminal.
  line?.clear();
  await writer.write(rows);
}

/** The pages of a window of time, one after another. */
class PagedList {
  readonly #client: GatewayClient;
  readonly #options: ListOptions;
  readonly #document: string;
  readonly #progress: Progress;
  readonly #budget: RecordBudget;

  constructor(client: GatewayClient, options: ListOptions, fields: RecordFields, progress: Progress) {
    this.#client = client;
    this.#options = options;
    this.#document = listDocument(`vonageId ${fields.selection}`);
    this.#progress = progress;
    this.#budget = new RecordBudget(options.maxRecords);
  }

  /**
   * Buys the next page, or gets it where it is kept.
   *
   * @param after where it begins; undefined for the first page
   * @returns undefined where a page could cost more than the run may
   */
  async next(after: string | undefined): Promise<Page | undefined> {
    if ((await this.#budget.reserve(recordsPerPage)) < recordsPerPage) {
      this.#progress.isStopped = true;
      return undefined;
    }
    const variables = { ...windowOf(this.#options), after };
    const { data, errors, extensions } = await this.#client.run<ListData<SelectedRecord>>(
      this.#document,
      variables,
    );
    const { nodes = [], pageInfo } = data?.recordsByDate ?? {};
    const { recordsBilled = nodes.length } = extensions.vonage ?? {};
    this.#budget.settle(recordsPerPage, recordsBilled);
    this.#progress.recordsBilled += recordsBilled;
    const next = pageInfo?.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
    return { records: nodes, after: next, fault: errors[0]?.message };
  }
}

/** Variables of the first page; the later ones add `after`. */
function windowOf({ product, direction, account, since, until }: ListOptions) {
  return { product, direction, accountId: account, since, until, first: recordsPerPage };
}

/**
 * Tells what the first page of a list would cost. Nothing is sent to Vonage, which tells no count beforehand.
 *
 * @returns the exit status
 */
export async function planList(
  options: ListOptions,
  client: GatewayClient,
  { stdout }: Surroundings,
): Promise<number> {
  const { pages } = await client.plan(listDocument('__typename'), windowOf(options));
  const isKept = pages !== undefined && pages.kept > 0;
  const billed = isKept
    ? 'none: it was bought lately'
    : `at most ${count(pages?.recordsAtMost ?? recordsPerPage)}`;
  stdout.write(`records billed for the first page   ${billed}
each further page                   at most ${count(recordsPerPage)}, and one call
`);
  return 0;
}

/** Where a list goes on: behind a whole page. */
interface Position {
  /** Cursor of the gateway; undefined for the first page. */
  readonly after: string | undefined;
  /** Bytes of the partial output that hold the pages before it. */
  readonly bytes: number;
}

/**
 * Reads where an interrupted list stopped.
 *
 * @param part the partial output; undefined for a new run
 * @throws UsageError where the file beside it does not tell
 */
async function readListPosition(part: string | undefined): Promise<Position | undefined> {
  if (part === undefined) return undefined;
  try {
    return JSON.parse(await readFile(cursorFileOf(part), 'utf8')) as Position;
  } catch (error) {
    throw new UsageError(
      `--resume needs ${cursorFileOf(part)}, which cannot be read: ${(error as Error).message}.`,
    );
  }
}

/** Remembers, beside a partial output, where its list goes on. A list on standard output cannot be resumed. */
class ListPosition {
  readonly #path: string | undefined;

  constructor(out: string | undefined) {
    this.#path = out === undefined ? undefined : cursorFileOf(partOf(out));
  }

  /** Replaces the file as a whole, so that a killed process leaves the old one or the new one. */
  async save(position: Position): Promise<void> {
    if (this.#path === undefined) return;
    await writeFile(`${this.#path}.new`, JSON.stringify(position), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }

  async close(isComplete: boolean): Promise<void> {
    if (this.#path !== undefined && isComplete) await unlink(this.#path).catch(() => {});
  }
}

function cursorFileOf(part: string): string {
  return `${part}.cursor`;
}
