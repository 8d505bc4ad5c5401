import { count, quantity } from '../records-client/quantities.js';
import { partOf } from './output/output.js';
import type { Progress } from './progress.js';

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
