import { readFile } from 'node:fs/promises';
import { idsPerPlan, lookupDocument } from '../records-client/operations.js';
import { count, quantity } from '../records-client/text.js';
import type { GatewayClient } from './gateway-client.js';
import { type ChunkResult, IdLookup } from './lookup-ids.js';
import type { LookupOptions, Surroundings } from './options.js';
import { FileOutput, type Output, partOf, readPartialOutput } from './output.js';
import { exitStatusOf, Progress, ProgressLine, summaryOf } from './progress.js';
import { readIds } from './read-ids.js';
import { RecordBudget } from './record-budget.js';
import type { RecordFields } from './record-fields.js';
import { formatOf, openRowWriter, type RowWriter } from './row-writer.js';

/** Operations at once, so that the gateway has the next ids before it has answered the last ones. */
const operationsAtOnce = 4;
/**
 * Ids of one operation: two full calls. What is asked and not written yet may be billed again after the process was killed,
 * so that all operations together hold less than Vonage answers in a second.
 */
const idsPerOperation = 40;

/**
 * Looks up the ids of a run and writes their records in the order of the input.
 *
 * @returns the exit status
 */
export async function runLookup(
  options: LookupOptions,
  client: GatewayClient,
  fields: RecordFields,
  surroundings: Surroundings,
): Promise<number> {
  const { stdin, stderr, interrupted } = surroundings;
  const done = await doneIds(options, fields, surroundings);
  const progress = new Progress();
  const writer = await openRowWriter(options, fields.columns, surroundings.stdout, done.bytes);
  const notFound = await openNotFound(options);
  const showsProgress = stderr.isTTY && !options.quiet;
  const line = showsProgress ? new ProgressLine(progress, (text) => stderr.write(text)) : undefined;
  if (showsProgress) void countInput(options, progress);
  const lookup = new IdLookup(client, fields, options, new RecordBudget(options.maxRecords));
  const ids = until(readIds(options, stdin), interrupted, () => progress.isStopped);
  const chunks = inChunks(skipping(ids, done.ids, progress), idsPerOperation);
  let isComplete = false;
  try {
    for await (const chunk of inOrder(chunks, operationsAtOnce, (each) => lookup.find(each)))
      await take(chunk, { progress, line, writer, notFound });
    isComplete = !interrupted.aborted && !progress.isStopped;
  } finally {
    line?.stop();
    await writer.close(isComplete);
    await notFound?.close(isComplete);
  }
  if (!options.quiet) stderr.write(summaryOf(progress, { ...options, isComplete }));
  return exitStatusOf(progress, interrupted.aborted);
}

interface Destinations {
  readonly progress: Progress;
  readonly line: ProgressLine | undefined;
  readonly writer: RowWriter;
  readonly notFound: Output | undefined;
}

/** The ids that were not found are written first: an id in neither file is asked for again by a resumed run. */
async function take(
  { results, recordsBilled }: ChunkResult,
  { progress, line, writer, notFound }: Destinations,
) {
  progress.recordsBilled += recordsBilled;
  for (const result of results) progress.record(result);
  const missing = results.filter(({ rows, failure }) => rows.length === 0 && failure === undefined);
  await notFound?.write(missing.map(({ id }) => `${id}\n`).join(''));
  // The rows may go to the same terminal.
  line?.clear();
  await writer.write(results.flatMap(({ rows }) => rows));
}

/** What an interrupted run left. */
async function doneIds(options: LookupOptions, { columns }: RecordFields, { stdout }: Surroundings) {
  const { resume, notFound } = options;
  if (resume === undefined) return { ids: new Set<string>(), bytes: undefined };
  const { ids, bytes } = await readPartialOutput(resume, formatOf(options, stdout), columns);
  return { ids: new Set([...ids, ...(await linesOf(notFound))]), bytes };
}

async function linesOf(path: string | undefined): Promise<string[]> {
  if (path === undefined) return [];
  const text = await readFile(partOf(path), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

async function openNotFound({ notFound, resume }: LookupOptions): Promise<Output | undefined> {
  if (notFound === undefined) return undefined;
  if (resume === undefined) return FileOutput.create(notFound);
  const text = (await linesOf(notFound)).map((line) => `${line}\n`).join('');
  return FileOutput.append(notFound, Buffer.byteLength(text));
}

async function* skipping(ids: AsyncIterable<string>, done: ReadonlySet<string>, progress: Progress) {
  for await (const id of ids) {
    if (done.has(id)) progress.skipped += 1;
    else yield id;
  }
}

/** Counts the ids of a file beside the run, so that the progress can tell what is left. */
async function countInput(options: LookupOptions, progress: Progress): Promise<void> {
  if (options.input === '-') return;
  let total = 0;
  try {
    for await (const _id of readIds(options, process.stdin)) total += 1;
    progress.total = total;
  } catch {
    // The run reads the same file and reports why it cannot.
  }
}

/**
 * Tells what a run would cost. Nothing is sent to Vonage, and nothing is billed.
 *
 * @returns the exit status
 */
export async function planLookup(
  options: LookupOptions,
  client: GatewayClient,
  { stdin, stdout }: Surroundings,
): Promise<number> {
  const { product, direction, account: accountId } = options;
  const document = lookupDocument('__typename');
  const total = { ids: 0, calls: 0, callsAtMost: 0, cacheHits: 0, waitMs: 0 };
  for await (const ids of inChunks(readIds(options, stdin), idsPerPlan)) {
    const plan = await client.plan(document, { ids, product, direction, accountId });
    total.ids += ids.length;
    total.calls += plan.calls;
    total.callsAtMost += plan.callsAtMost;
    total.cacheHits += plan.cacheHits;
    total.waitMs += plan.waitMs;
  }
  const { ids, calls, callsAtMost, cacheHits, waitMs } = total;
  const longestMs = calls === 0 ? 0 : (waitMs * callsAtMost) / calls;
  stdout.write(`ids                ${count(ids)}
calls              ${count(calls)} at first, ${count(callsAtMost)} at most
seconds            ${Math.ceil(waitMs / 1000)} at first, ${Math.ceil(longestMs / 1000)} at most
cached             ${quantity(cacheHits, 'id')} at no cost
records billed     ${count(ids - cacheHits)} if each of the other ids has one record
`);
  return 0;
}

/**
 * Works on several items at once and yields the results in the order of the items. It reads an item only when one of the
 * places is free, so a slow consumer slows the source down.
 *
 * @param places items in work or waiting to be consumed, at most
 */
async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  places: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // A rejection surfaces when its turn comes; until then it must not end the process.
    result.catch(() => {});
    waiting.push(result);
    if (waiting.length === places) yield await (waiting.shift() as Promise<Result>);
  }
  while (waiting.length > 0) yield await (waiting.shift() as Promise<Result>);
}

/** Gathers items into arrays of a size; the last one may be shorter. */
async function* inChunks<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Items until a signal is aborted or a condition holds. An item that is still awaited then is given up.
 */
export async function* until<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
  isOver: () => boolean,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let stopWaiting = () => {};
  signal.addEventListener('abort', () => stopWaiting(), { once: true });
  while (!signal.aborted && !isOver()) {
    // A race with one promise of the abort would keep each item in memory until the run ends.
    const next = await new Promise<IteratorResult<Item>>((resolve, reject) => {
      stopWaiting = () => resolve({ done: true, value: undefined });
      iterator.next().then(resolve, reject);
    });
    if (next.done) return;
    yield next.value;
  }
}
