import { GatewayError } from '../errors.js';

/** Why an operation ends whose caller does not wait for it any more; only logs see it. */
export function callerLeft(): GatewayError {
  return new GatewayError('CANCELLED', 'The caller closed the connection before the answer was there.');
}
