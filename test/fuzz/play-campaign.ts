import fc from 'fast-check';
import type { Campaign } from './campaign.js';

export interface PlayOptions {
  /** Number from which all cases follow. Default: `FUZZ_SEED`, or a random one. */
  readonly seed?: number | undefined;
  /** Cases to play. */
  readonly runs: number;
  /** Milliseconds after which no more are played. */
  readonly withinMs: number;
}

/** How a campaign ended. */
export interface Played {
  readonly cases: number;
  /** The shortest case that was found to break a promise, how to repeat it, and the promise; undefined for none. */
  readonly failure: string | undefined;
}

/** Plays random cases of a campaign until one of them breaks a promise. */
export async function playCampaign<Case>(campaign: Campaign<Case>, options: PlayOptions): Promise<Played> {
  await using running = await campaign.start();
  const holds = fc.asyncProperty(running.cases, async (played) => {
    const faults = await running.faultsOf(played);
    if (faults.length > 0) throw new Error([...new Set(faults)].join('\n'));
  });
  const details = await fc.check(holds, {
    numRuns: options.runs,
    interruptAfterTimeLimit: options.withinMs,
    ...repeated(options.seed),
  });
  const failure = details.failed
    ? `${campaign.name}: ${details.errorInstance}\n${fc.defaultReportMessage(details)}`
    : undefined;
  return { cases: details.numRuns, failure };
}

/** `FUZZ_SEED` repeats all cases; `FUZZ_PATH`, as it is printed beside the seed, only the one that failed. */
function repeated(seed = numberOf(process.env.FUZZ_SEED)) {
  const path = process.env.FUZZ_PATH;
  return { ...(seed !== undefined && { seed }), ...(path && { path }) };
}

function numberOf(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined;
}
