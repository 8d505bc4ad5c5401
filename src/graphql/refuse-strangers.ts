import { GatewayError } from '../errors.js';
import type { OperationContext } from './operation-context.js';

/** What only a router needs answers only to one that proved itself: throws FORBIDDEN before anything is looked up. */
export function refuseStrangers(field: string, { fromRouter }: OperationContext): void {
  if (fromRouter) return;
  throw new GatewayError(
    'FORBIDDEN',
    `${field} answers only to the router of the graph, which sends the operator's ROUTER_SECRET in x-router-secret.`,
  );
}
