import type { OperationCost } from '../limits/estimate-cost.js';
import type { SelectedContent } from '../retrieval/lookup/lanes.js';
import { LookupPlan, mergePlans } from '../retrieval/lookup/lookup-plan.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import type { Records } from '../retrieval/record-store.js';
import { TargetPreparation } from './authorize.js';
import type { CallerQuota } from './caller-quota.js';
import type { OperationSpending } from './operation-report.js';
import type {
  ListTarget,
  OperationOptions,
  OperationScope,
  OperationService,
  RecordList,
  Target,
  UsageReport,
} from './operation-service.js';
import { RecordListing } from './record-listing.js';

/**
 * A dry run: it finds out what the operation would cost, and makes no call. Its ids count against the caller's rate like
 * any others, since they are looked for in the cache.
 */
export class PlannedOperation implements OperationService {
  readonly #quota: CallerQuota;
  readonly #targets: TargetPreparation;
  readonly #listing: RecordListing;
  #ids = 0;
  readonly #plans = new Map<RecordEngine, LookupPlan>();

  constructor({ principal }: OperationScope, options: OperationOptions) {
    this.#quota = options.quotaOf(principal);
    this.#targets = new TargetPreparation(principal, options);
    this.#listing = new RecordListing(principal, options);
  }

  admit({ ids }: OperationCost): void | Promise<void> {
    this.#ids = ids;
    return this.#quota.admit(ids);
  }

  chargeRejection(): void {
    this.#quota.chargeOne();
  }

  async find(target: Target, content: SelectedContent): Promise<Records> {
    const { engine, lookup } = this.#targets.prepare(target, content);
    await engine.store.plan(lookup, this.#planOf(engine));
    return [];
  }

  async list(target: ListTarget, content: SelectedContent): Promise<RecordList> {
    const { engine, request } = this.#listing.prepare(target, content);
    await engine.pages.plan(request, this.#planOf(engine));
    const { untilMs, lane } = request;
    return {
      records: [],
      untilMs,
      detail: lane.detail,
      endOffset: 0,
      pageLength: 0,
      next: null,
      fault: undefined,
    };
  }

  #planOf(engine: RecordEngine): LookupPlan {
    const plan = this.#plans.get(engine) ?? new LookupPlan();
    this.#plans.set(engine, plan);
    return plan;
  }

  usageReport(): UsageReport {
    return { plan: mergePlans([...this.#plans].map(([engine, plan]) => engine.price(plan))) };
  }

  spending(): OperationSpending {
    return { ids: this.#ids, calls: 0, recordsBilled: 0 };
  }

  cacheControl(): undefined {
    return undefined;
  }

  markUncacheable(): void {}

  cacheable(): undefined {
    return undefined;
  }
}
