import fc from 'fast-check';
import type { Campaign, RunningCampaign } from './campaign.js';

/** Time limit of one case, generous for a busy machine. */
const caseTimeoutMs = 30_000;

export interface RunOptions {
  /** Seed of the random cases. Default: `FUZZ_SEED`, or a random seed. */
  readonly seed?: number | undefined;
  /** Maximum number of cases. */
  readonly runs: number;
  /** Time after which no further case starts. */
  readonly withinMs: number;
}

/** Result of a campaign. */
export interface CampaignResult {
  readonly cases: number;
  /** The violated promise, the shortest failing case and how to repeat it, or undefined. */
  readonly failure: string | undefined;
}

/** Runs random cases of a campaign until one violates a promise. */
export async function runCampaign<Case>(
  campaign: Campaign<Case>,
  options: RunOptions,
): Promise<CampaignResult> {
  await using running = await campaign.start();
  let latest: Promise<readonly string[]> | undefined;
  const keepsPromises = fc.asyncProperty(running.cases, async (fuzzCase) => {
    latest = running.violationsOf(fuzzCase);
    const violations = await latest;
    if (violations.length > 0) throw new Error([...new Set(violations)].join('\n'));
  });
  const details = await fc.check(keepsPromises, {
    numRuns: options.runs,
    interruptAfterTimeLimit: options.withinMs,
    timeout: caseTimeoutMs,
    ...repeated(options.seed),
  });
  // At the time limit fast-check abandons a running case.
  await latest?.catch(() => undefined);
  return { cases: details.numRuns, failure: await failureOf(campaign.name, details, running) };
}

async function failureOf<Case>(
  name: string,
  details: fc.RunDetails<[Case]>,
  running: RunningCampaign<Case>,
): Promise<string | undefined> {
  if (details.failed) return `${name}: ${details.errorInstance}\n${fc.defaultReportMessage(details)}`;
  const violations = await running.finalViolations();
  return violations.length === 0
    ? undefined
    : `${name}, at the end: ${violations.join('\n')}, seed ${details.seed}`;
}

/** `FUZZ_SEED` repeats all cases. `FUZZ_PATH`, printed beside the seed, repeats only the failed case. */
function repeated(seed = numberOf(process.env.FUZZ_SEED)) {
  const path = process.env.FUZZ_PATH;
  return { ...(seed !== undefined && { seed }), ...(path && { path }) };
}

function numberOf(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined;
}
