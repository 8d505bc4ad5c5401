import fc from 'fast-check';
import type { Campaign, RunningCampaign } from './campaign.js';

/** Milliseconds after which a case is taken to hang, on a busy machine too. */
const caseMs = 30_000;

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
  let latest: Promise<readonly string[]> | undefined;
  const isFresh = fc.asyncProperty(running.cases, async (played) => {
    latest = running.faultsOf(played);
    const faults = await latest;
    if (faults.length > 0) throw new Error([...new Set(faults)].join('\n'));
  });
  const details = await fc.check(isFresh, {
    numRuns: options.runs,
    interruptAfterTimeLimit: options.withinMs,
    timeout: caseMs,
    ...repeated(options.seed),
  });
  // Where time is up, a case is left in the middle.
  await latest?.catch(() => undefined);
  return { cases: details.numRuns, failure: await failureOf(campaign.name, details, running) };
}

async function failureOf<Case>(
  name: string,
  details: fc.RunDetails<[Case]>,
  running: RunningCampaign<Case>,
): Promise<string | undefined> {
  if (details.failed) return `${name}: ${details.errorInstance}\n${fc.defaultReportMessage(details)}`;
  const faults = await running.lastFaults();
  return faults.length === 0 ? undefined : `${name}, at the end: ${faults.join('\n')}, seed ${details.seed}`;
}

/** `FUZZ_SEED` repeats all cases; `FUZZ_PATH`, as it is printed beside the seed, only the one that failed. */
function repeated(seed = numberOf(process.env.FUZZ_SEED)) {
  const path = process.env.FUZZ_PATH;
  return { ...(seed !== undefined && { seed }), ...(path && { path }) };
}

function numberOf(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined;
}
