import { count, quantity } from '../records-client/text.js';
import type { IdResult } from './lookup-ids.js';
import { partOf } from './output.js';

/** Counts of a run. */
export class Progress {
  found = 0;
  notFound = 0;
  failed = 0;
  recordsBilled = 0;
  rows = 0;
  /** Whether a limit kept the run from asking for all. */
  isStopped = false;
  /** Ids that an interrupted run had answered. */
  skipped = 0;
  /** Failed ids by reason. */
  readonly failures = new Map<string, { ids: number; readonly first: string }>();
  /** Ids of the run; undefined while the input is not counted. */
  total: number | undefined;

  get done(): number {
    return this.found + this.notFound + this.failed + this.skipped;
  }

  record({ id, rows, failure, isStopped }: IdResult): void {
    this.rows += rows.length;
    if (isStopped) this.isStopped = true;
    if (failure !== undefined) this.#recordFailure(id, failure);
    else if (rows.length > 0) this.found += 1;
    else this.notFound += 1;
  }

  #recordFailure(id: string, reason: string): void {
    this.failed += 1;
    const known = this.failures.get(reason) ?? { ids: 0, first: id };
    known.ids += 1;
    this.failures.set(reason, known);
  }
}

/** Milliseconds between two updates of the line. */
const intervalMs = 200;

/** One line about a run that renews itself, on a terminal. */
export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #progress: Progress;
  readonly #startedAtMs = Date.now();
  readonly #timer: NodeJS.Timeout;

  constructor(progress: Progress, write: (text: string) => void) {
    this.#progress = progress;
    this.#write = write;
    this.#timer = setInterval(() => this.#write(`\r${this.text()}\u001b[K`), intervalMs);
    this.#timer.unref();
  }

  /** Removes the line, for other text to take its place. */
  clear(): void {
    this.#write('\r\u001b[K');
  }

  stop(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  text(): string {
    const { done, total, skipped, found, notFound, failed, recordsBilled } = this.#progress;
    const perSecond = ((done - skipped) * 1000) / Math.max(1, Date.now() - this.#startedAtMs);
    const secondsLeft = total === undefined || perSecond === 0 ? undefined : (total - done) / perSecond;
    return [
      total === undefined ? quantity(done, 'id') : `${count(done)} of ${quantity(total, 'id')}`,
      `${perSecond.toFixed(0)} a second`,
      ...(secondsLeft === undefined ? [] : [`${secondsLeft.toFixed(0)} s left`]),
      `${quantity(recordsBilled, 'record')} billed`,
      `${count(found)} found, ${count(notFound)} not found, ${count(failed)} failed`,
    ].join(' · ');
  }
}

/** How a run ended, for its summary. */
interface Ending {
  readonly out: string | undefined;
  readonly isComplete: boolean;
}

/** Exit status of a run that the gateway answered. */
export function exitStatusOf({ isStopped, failed, notFound }: Progress, isInterrupted: boolean): number {
  if (isInterrupted) return 130;
  if (isStopped) return 3;
  if (failed > 0) return 2;
  return notFound > 0 ? 1 : 0;
}

/** What a list came to, in a few lines for a person. */
export function listSummaryOf(progress: Progress, { out, isComplete }: Ending): string {
  const { rows, recordsBilled, failures } = progress;
  const lines = [
    `${quantity(rows, 'record')} listed; ${quantity(recordsBilled, 'record')} billed.`,
    ...[...failures.keys()].map((reason) => `Failed: ${reason}`),
    ...(isComplete ? [] : [unfinished(out)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What a lookup of ids came to, in a few lines for a person. */
export function summaryOf(progress: Progress, { out, isComplete }: Ending): string {
  const { found, notFound, failed, rows, recordsBilled, skipped, failures } = progress;
  const lines = [
    `${quantity(found + notFound + failed, 'id')}: ${count(found)} found with ${quantity(rows, 'record')}, ${count(notFound)} not found, ${count(failed)} failed; ${quantity(recordsBilled, 'record')} billed.`,
    ...(skipped > 0 ? [`An interrupted run had answered ${quantity(skipped, 'other id')}.`] : []),
    ...[...failures].map(
      ([reason, { ids, first }]) => `Failed: ${reason} (${quantity(ids, 'id')}, the first is ${first})`,
    ),
    ...(isComplete ? [] : [unfinished(out)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function unfinished(out: string | undefined): string {
  if (out === undefined) return 'The run stopped before its end.';
  return `The run stopped before its end. Go on with the same command and --resume ${partOf(out)}.`;
}
