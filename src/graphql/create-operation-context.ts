import { CostMeter } from '../retrieval/cost-meter.js';
import { Evidence } from '../retrieval/evidence.js';
import { LookUpPlan } from '../retrieval/look-up-plan.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import { Freshness } from './freshness.js';
import type { CostReport, LookUpRules, OperationContext } from './operation-context.js';
import { createRecordLoader } from './record-loader.js';

/** Who asks, and how. */
export interface OperationScope {
  readonly requestId: string;
  /** Whether the caller proved to be the router of a federated graph. */
  readonly fromRouter: boolean;
  /** Aborted when the client has gone or its time is up. */
  readonly signal: AbortSignal;
  readonly deadlineAtMs: number;
  /** Find out what the operation would cost, and look nothing up. */
  readonly dryRun: boolean;
  /** Show where each id was looked for. */
  readonly explain: boolean;
}

export interface ContextOptions {
  readonly engine: RecordEngine;
  readonly rules: LookUpRules;
  /** Whether callers may see what their operations cost. */
  readonly showCost: boolean;
  /** Milliseconds for which callers may keep an answer of final records. */
  readonly finalMaxAgeMs: number;
}

/** What the resolvers of one operation share. */
export function createOperationContext(scope: OperationScope, options: ContextOptions): OperationContext {
  return scope.dryRun && options.showCost ? plannedContext(scope, options) : liveContext(scope, options);
}

function liveContext(scope: OperationScope, options: ContextOptions): OperationContext {
  const { engine, rules, showCost, finalMaxAgeMs } = options;
  const { requestId, fromRouter, signal, deadlineAtMs, explain } = scope;
  const meter = new CostMeter();
  const evidence = new Evidence();
  const freshness = new Freshness();
  const operation = { signal, deadlineAtMs, meter, evidence };
  const report = (): CostReport | undefined => {
    if (!showCost || !meter.hasLooked) return undefined;
    return { ...meter.cost, ...(explain && { explain: meter.looks }) };
  };
  return {
    requestId,
    fromRouter,
    rules,
    records: createRecordLoader({
      findKept(each) {
        const records = engine.store.findKept(each, operation);
        if (records) freshness.note(records);
        return records;
      },
      async find(each) {
        const records = await engine.store.find(each, operation);
        freshness.note(records);
        return records;
      },
    }),
    report,
    cacheControl: () => freshness.header(finalMaxAgeMs),
    noteError: () => evidence.noteMore(),
    repeatable() {
      const rows = evidence.repeatableAt(engine.now());
      return rows && { lookUps: rows.length, holds: () => engine.store.holds(rows) };
    },
  };
}

function plannedContext(scope: OperationScope, { engine, rules }: ContextOptions): OperationContext {
  const { requestId, fromRouter } = scope;
  const plan = new LookUpPlan();
  const records = createRecordLoader({
    findKept: () => undefined,
    find: async (request) => {
      await engine.store.plan(request, plan);
      return [];
    },
  });
  return { requestId, fromRouter, rules, records, report: () => ({ plan: engine.price(plan) }) };
}
