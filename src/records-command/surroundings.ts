import type { Readable, Writable } from 'node:stream';

/** What a run reads from and writes to. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborted when the person interrupts the run; what is on its way is finished. */
  readonly interrupted: AbortSignal;
}
