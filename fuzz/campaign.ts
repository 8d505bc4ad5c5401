import type fc from 'fast-check';

/** A way to treat a gateway badly, once it runs. */
export interface RunningCampaign<Case> extends AsyncDisposable {
  readonly cases: fc.Arbitrary<Case>;
  /** Plays a case, and says which promises were broken; nothing when all were kept. */
  faultsOf(played: Case): Promise<readonly string[]>;
  /** Says what is wrong when everything is over. */
  lastFaults(): Promise<readonly string[]>;
}

/** A way to treat a gateway badly: what it is called, and how it is begun. */
export interface Campaign<Case = unknown> {
  readonly name: string;
  start(): Promise<RunningCampaign<Case>>;
}
