import { settled } from './manual-clock.js';

/** Lets the process work on until something holds; Jest's own limit ends a wait for what never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await settled();
}
