import { GatewayError } from '../errors.js';
import type { OperationContext } from './operation-context.js';

/**
 * One look-up may not fill the queue of everybody else: throws TOO_MANY_IDS before anything is sent.
 *
 * @param argument the argument that holds the ids
 */
export function refuseTooManyIds(
  ids: readonly unknown[],
  { rules }: OperationContext,
  argument = 'ids',
): void {
  if (ids.length <= rules.maxIds) return;
  const message = `${argument} may hold at most ${rules.maxIds} ids, got: ${ids.length}.`;
  throw new GatewayError('TOO_MANY_IDS', message);
}
