import type fc from 'fast-check';

/** A campaign whose servers run. */
export interface RunningCampaign<Case> extends AsyncDisposable {
  readonly cases: fc.Arbitrary<Case>;
  /** Runs a case and returns the violated promises. */
  violationsOf(fuzzCase: Case): Promise<readonly string[]>;
  /** Returns the violations that remain after the last case. */
  finalViolations(): Promise<readonly string[]>;
}

/** One kind of random input, with its name and its start. */
export interface Campaign<Case = unknown> {
  readonly name: string;
  start(): Promise<RunningCampaign<Case>>;
}
