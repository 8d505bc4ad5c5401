import { GatewayError } from '../errors.js';
import type { OperationContext } from './operation-context.js';

/** One look-up may not fill the queue of everybody else: throws TOO_MANY_IDS before anything is sent. */
export function refuseTooManyIds(ids: readonly string[], { rules }: OperationContext): void {
  if (ids.length <= rules.maxIds) return;
  throw new GatewayError('TOO_MANY_IDS', `ids may hold at most ${rules.maxIds} ids, got: ${ids.length}.`);
}
