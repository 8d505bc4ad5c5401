import { rulesOf } from '../../catalogue/products.js';
import type { Clock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { CallScheduler } from '../../traffic/batching/call-scheduler.js';
import type { Cache } from '../../traffic/cache/cache.js';
import type { Claim, Claims } from '../../traffic/cache/claims.js';
import type { Reservation } from '../../traffic/quota/quota-store.js';
import type { RateLimiter } from '../../traffic/rate-limit/rate-limiter.js';
import type { RecordLane, Rows } from '../lookup/lanes.js';
import type { LookupPlan } from '../lookup/lookup-plan.js';
import type { Operation } from '../operation.js';
import type { RetrievalObserver } from '../retrieval-observer.js';
import { maxRowsOfPage, type Page, type PageRequest, pageName, sortRows, toPageFault } from './page.js';
import { type AnsweredPage, billedRecords, type PageCalls, possiblyBilledRecords } from './page-calls.js';
import { type FoundPage, PagePurchase, type Payer } from './page-purchase.js';

export interface PageStoreOptions {
  readonly calls: PageCalls;
  readonly scheduler: CallScheduler;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly observer?: RetrievalObserver | undefined;
  /** Where the pages of a lane are kept. */
  cacheOf(lane: RecordLane): Cache<Page>;
  /** Lets one replica at a time buy a page of a lane. */
  claimsOf(lane: RecordLane): Claims;
  /** Names the credentials that pages are bought with; callers with other credentials never see them. */
  readonly cacheSpace: string;
  /** Throws for a host that is down, a product that is paused, and credentials that Vonage refused. */
  throwIfUnavailable(lane: RecordLane): void;
  /** Reserves records that the API key may be billed today; undefined without a limit. Rejects with RATE_LIMITED. */
  reserveRecords(lane: RecordLane, records: number): Promise<Reservation | undefined>;
  /** Gets the rows of each page once. */
  onRows(lane: RecordLane, rows: Rows): void;
}

/** Milliseconds for which a bought page is kept. */
const keptMs = 10 * 60_000;

/** Milliseconds between two looks for a page that another replica buys. */
const pollMs = 50;

/** Pages that wait for a token at most, over all operations. */
const maxWaiting = 1000;

/** What is reserved for a page: records of the operation that pays, and of the API key. */
interface Funds {
  readonly payer: Payer;
  readonly ofKey: Reservation | undefined;
}

/** A page that is being bought. */
interface Order {
  readonly request: PageRequest;
  /** The key under which the page is kept. */
  readonly key: string;
  readonly purchase: PagePurchase;
  /** Whether the page is on its way to where it is kept. */
  isBought: boolean;
}

/**
 * Finds pages of records: among those bought within ten minutes or being bought now, and else by a call. A page that
 * Vonage began to send is never asked for twice.
 */
export class PageStore {
  readonly #options: PageStoreOptions;
  readonly #orders = new Map<string, Order>();

  constructor(options: PageStoreOptions) {
    this.#options = options;
  }

  /** End of the newest window that Vonage takes now, in epoch milliseconds. */
  get newestEndMs(): number {
    return this.#options.calls.newestEndMs;
  }

  /** The page if it is kept; at once where memory has it. */
  peek(request: PageRequest): Page | undefined | Promise<Page | undefined> {
    return this.#options.cacheOf(request.lane).get(this.#keyOf(request));
  }

  /** Plans a page without buying it. */
  async plan(request: PageRequest, plan: LookupPlan): Promise<void> {
    const key = this.#keyOf(request);
    plan.recordPage(key, (await this.peek(request)) !== undefined);
  }

  /** The page. Rejects with a GatewayError. */
  async find(request: PageRequest, operation: Operation): Promise<FoundPage> {
    const kept = await this.peek(request);
    if (kept) return { page: kept, from: 'kept' };
    operation.signal.throwIfAborted();
    const key = this.#keyOf(request);
    const known = this.#orders.get(key);
    if (known) return known.purchase.wait(operation);
    this.#options.throwIfUnavailable(request.lane);
    this.#admit(operation);
    const order: Order = { request, key, purchase: new PagePurchase(), isBought: false };
    this.#orders.set(key, order);
    const found = order.purchase.wait(operation);
    void this.#buy(order);
    return found;
  }

  /** Records that an operation is shown records of a page that it did not pay for. */
  recordKept({ product }: RecordLane, records: number, { meter }: Operation): void {
    meter.recordPageKept(records);
    if (records > 0) this.#options.observer?.onRecordsSaved(product, 'page', records);
  }

  /** Milliseconds until one more page could leave, in the worst case: every other token goes to ids that wait. */
  estimateMs(waitingCalls: number): number {
    const { scheduler, rateLimiter } = this.#options;
    const pages = scheduler.bulkWaiting + 1;
    return rateLimiter.estimateMs(pages + Math.min(waitingCalls, pages));
  }

  #admit({ deadlineAtMs }: Operation): void {
    const { clock, scheduler } = this.#options;
    const lateMs = clock.now() + this.estimateMs(0) - deadlineAtMs;
    if (lateMs <= 0 && scheduler.bulkWaiting < maxWaiting) return;
    const retryAfterMs = Math.max(1, Math.ceil(lateMs));
    const message = 'The queue of pages is longer than this operation waits; try again after retryAfterMs.';
    throw new GatewayError('OVERLOADED', message, { retryAfterMs });
  }

  /** Buys a page with the quota of the first operation that has enough left. Never rejects. */
  async #buy(order: Order): Promise<void> {
    const { purchase } = order;
    let claim: Claim | undefined;
    try {
      claim = await this.#claim(order);
      // Another operation can join after every one before it has gone.
      while (purchase.isWanted) {
        const funds = await this.#reserve(order);
        if (funds) await this.#queue(order, funds);
      }
    } catch (error) {
      purchase.fail(error);
    } finally {
      this.#forget(order);
      if (order.isBought) claim?.letExpire();
      else claim?.release();
    }
  }

  /** Waits while another replica buys the page, and takes it over. Undefined when no operation waits any more. */
  async #claim({ request: { lane }, key, purchase }: Order): Promise<Claim | undefined> {
    const { claimsOf, cacheOf, clock } = this.#options;
    while (purchase.isWanted) {
      const claim = await claimsOf(lane).claim(key);
      // It can have been bought between the look into the cache and the claim.
      const page = await cacheOf(lane).get(key);
      if (page) purchase.settle(page);
      if (claim) return claim;
      if (!page) await new Promise<void>((resolve) => void clock.setTimer(pollMs, resolve));
    }
    return undefined;
  }

  /** Undefined when no operation is left that can pay. Rejects when the API key may be billed no page today. */
  async #reserve({ request, purchase }: Order): Promise<Funds | undefined> {
    const payer = await purchase.findPayer(maxRowsOfPage);
    if (!payer) return undefined;
    try {
      const funds = { payer, ofKey: await this.#options.reserveRecords(request.lane, maxRowsOfPage) };
      if (purchase.isWanted) return funds;
      settle(funds, 0);
      return undefined;
    } catch (error) {
      payer.reservation?.settle(0);
      throw error;
    }
  }

  /** Waits for a token, and for the page. */
  #queue(order: Order, funds: Funds): Promise<void> {
    const { scheduler } = this.#options;
    return new Promise((resolve, reject) => {
      let isSent = false;
      const withdraw = scheduler.enqueueBulk(funds.payer.operation, () => {
        isSent = true;
        return this.#send(order, funds).then(resolve, reject);
      });
      order.purchase.onAbandoned = () => {
        if (isSent) return;
        withdraw();
        settle(funds, 0);
        this.#forget(order);
        resolve();
      };
    });
  }

  /** Makes the call, whose token is held. */
  async #send(order: Order, { payer: first, ofKey }: Funds): Promise<void> {
    const payer = await currentPayer(order.purchase, first);
    if (!payer) {
      ofKey?.settle(0);
      return this.#options.rateLimiter.release();
    }
    let calls = 0;
    let billed = 0;
    try {
      const answer = await this.#ask(order, () => {
        calls += 1;
      });
      billed = billedRecords(answer.response);
      order.isBought = true;
      order.purchase.settle(await this.#keep(order, answer), payer.operation);
    } catch (error) {
      billed = calls > 0 ? possiblyBilledRecords(error) : 0;
      order.purchase.fail(error);
    } finally {
      payer.operation.meter.recordPageBought(calls, billed);
      settle({ payer, ofKey }, billed);
    }
  }

  /** A later order for the same page stays. */
  #forget(order: Order): void {
    if (this.#orders.get(order.key) === order) this.#orders.delete(order.key);
  }

  #ask({ request, key, purchase }: Order, onSent: () => void): Promise<AnsweredPage> {
    return this.#options.calls.ask(request, {
      source: key,
      onSent,
      operations: () => purchase.operations,
      isWanted: () => purchase.isWanted,
      latestDeadlineMs: () => purchase.latestDeadlineMs,
      acquireNext: () => this.#options.scheduler.acquireNextBulk(),
    });
  }

  async #keep({ request, key }: Order, { response, untilMs }: AnsweredPage): Promise<Page> {
    const { lane } = request;
    const { next, failure } = response;
    const rows = await sortRows(response.rows, rulesOf(lane.product));
    const fault = failure ? toPageFault(failure, rows.length, next) : null;
    const page = { rows, next, untilMs, fault };
    // Cursors name the window that was asked for, also where Vonage's clock made it shorter than requested.
    const keys = new Set([key, this.#keyOf({ ...request, untilMs })]);
    for (const each of keys) this.#options.cacheOf(lane).set(each, page, keptMs);
    this.#options.onRows(lane, rows);
    return page;
  }

  #keyOf(request: PageRequest): string {
    return `${this.#options.cacheSpace}/${pageName(request)}`;
  }
}

function settle({ payer, ofKey }: Funds, billed: number): void {
  payer.reservation?.settle(billed);
  ofKey?.settle(billed);
}

/** An operation that has gone does not pay for a page that others wait for. */
async function currentPayer(purchase: PagePurchase, payer: Payer): Promise<Payer | undefined> {
  if (purchase.isWaiting(payer.operation)) return payer;
  payer.reservation?.settle(0);
  return purchase.findPayer(maxRowsOfPage);
}
