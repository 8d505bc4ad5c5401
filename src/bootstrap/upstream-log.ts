import type { Logger } from 'pino';
import { GatewayError } from '../errors.js';
import type { RecordEngineOptions } from '../retrieval/record-engine.js';

type Listeners = Required<
  Pick<RecordEngineOptions, 'onProductRefused' | 'onAccountRefused' | 'onCallFailed' | 'onIdFieldDrift'>
>;

/** Logs what Vonage refuses and what calls fail with, in Vonage's words. No line holds ids, numbers or secrets. */
export function upstreamLog(logger: Logger): Listeners {
  return {
    onProductRefused: ({ accountId, product, error }) =>
      logger.warn(
        { accountId, product, upstream: error.upstream },
        'Vonage refuses a product; searches leave it out for ten minutes',
      ),
    onAccountRefused: ({ accountId, error }) =>
      logger.warn({ accountId, upstream: error.upstream }, 'Vonage refuses an account'),
    onCallFailed: ({ accountId, product, direction }, error) => {
      if (!(error instanceof GatewayError) || error.neverSent) return;
      const { code, upstream } = error;
      logger.debug({ accountId, product, direction, code, upstream }, 'a call to Vonage failed');
    },
    onIdFieldDrift: ({ lane: { product, direction }, field }) =>
      logger.warn(
        { product, direction, field },
        "Vonage's rows carry their ids in a field that the catalogue does not list; the gateway uses it",
      ),
  };
}
