import type { Logger } from 'pino';
import { Product } from '../catalogue/product.js';
import { type Clock, monotonicClock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { fullVisibility } from '../records/record-mask.js';
import { unknownId } from '../retrieval/credentials-verifier.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import { UnansweredLookup } from '../retrieval/record-store.js';
import { CacheDependencies } from '../retrieval/rows-cache.js';
import { UsageMeter } from '../retrieval/usage-meter.js';

/** Milliseconds after which the check gives up. */
const timeoutMs = 15_000;

/**
 * Asks Vonage for a report that does not exist, so that wrong credentials show at start and not at the first lookup. A
 * refusal is logged as any change of credentials is; other failures are logged here.
 *
 * @param accountId an account that the engine reads
 */
export async function checkCredentials(
  engine: RecordEngine,
  accountId: string,
  logger: Logger,
  clock: Clock = monotonicClock,
): Promise<void> {
  const content = { messageBodyOf: new Set<string>(), concatenatedOf: new Set<string>() };
  const scope = engine.store.scope({
    accountId,
    products: [Product.REPORTS_USAGE],
    direction: null,
    content,
  });
  const operation = {
    signal: AbortSignal.timeout(timeoutMs),
    deadlineAtMs: clock.now() + timeoutMs,
    meter: new UsageMeter(),
    cacheDependencies: new CacheDependencies(),
    sees: fullVisibility,
  };
  try {
    const found = engine.store.find(engine.store.lookup(unknownId, scope), operation);
    if (found instanceof UnansweredLookup) await Promise.all(engine.store.load([found]));
    logger.info({ account: accountId }, 'Vonage accepts the credentials');
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAUTHORIZED') return;
    const { code, upstream } = error as Partial<GatewayError>;
    logger.warn(
      { account: accountId, code, status: upstream?.status },
      'could not check the credentials at start; calls to Vonage may fail',
    );
  }
}
