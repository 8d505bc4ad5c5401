import { type Activity, ObservedGateway } from './observed-gateway.js';
import type { SimulatorProcess } from './simulator-process.js';
import { type MissAndHit, SingleLookups } from './single-lookups.js';

/** What one lookup passes through from its request to its response. */
export interface LookupPath {
  /** Distinct functions of `src` that run, however often. */
  readonly functions: number;
  /** Distinct files that hold these functions. */
  readonly files: number;
}

const intervalMs = 500;

/** Counts the functions and files that one `record(id)` passes, in a gateway without Redis. */
export async function measureLookupPath(
  checkout: string,
  simulator: SimulatorProcess,
): Promise<MissAndHit<LookupPath>> {
  await using gateway = await ObservedGateway.start(checkout, simulator.environment);
  const lookups = await SingleLookups.warmUp(gateway, simulator.smsIds, intervalMs);
  return { miss: pathOf(await lookups.miss()), hit: pathOf(await lookups.hit()) };
}

function pathOf({ functions }: Activity): LookupPath {
  return {
    functions: new Set(functions.map(({ file, offset }) => `${file}:${offset}`)).size,
    files: new Set(functions.map(({ file }) => file)).size,
  };
}
