import type { Principal } from '../access/principal.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import { CostMeter } from '../retrieval/cost-meter.js';
import { Evidence } from '../retrieval/evidence.js';
import { LookUpPlan, mergePlans } from '../retrieval/look-up-plan.js';
import type { Operation } from '../retrieval/operation.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import { Freshness } from './freshness.js';
import type { CostReport, LookUpRules, OperationContext } from './operation-context.js';
import { createRecordLoader, type RecordSource } from './record-loader.js';

/** Who asks, and how. */
export interface OperationScope {
  readonly requestId: string;
  readonly principal: Principal;
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
  readonly clock: Clock;
  /** What asks for an account on behalf of a caller. Throws BAD_USER_INPUT when there is no key for it. */
  engineOf(accountId: string, principal: Principal): RecordEngine;
  readonly rules: LookUpRules;
  /** Milliseconds for which callers may keep an answer of final records. */
  readonly finalMaxAgeMs: number;
}

/** What the resolvers of one operation share. */
export function createOperationContext(scope: OperationScope, options: ContextOptions): OperationContext {
  const { requestId, fromRouter, principal, dryRun } = scope;
  const rules = { ...options.rules, accountId: defaultAccountOf(principal, options.rules) };
  const work = dryRun && principal.has('explain') ? plannedWork(scope, options) : liveWork(scope, options);
  return { requestId, fromRouter, principal, rules, ...work };
}

/** What differs between running an operation and planning it. */
type Work = Omit<OperationContext, 'requestId' | 'fromRouter' | 'principal' | 'rules'>;

function liveWork(scope: OperationScope, options: ContextOptions): Work {
  const { principal, signal, deadlineAtMs, explain } = scope;
  const meter = new CostMeter();
  const evidence = new Evidence();
  const freshness = new Freshness();
  const sees = { numbers: principal.has('records:numbers'), content: principal.has('records:content') };
  const operation = { signal, deadlineAtMs, meter, evidence, sees };
  const report = (): CostReport | undefined => {
    if (!principal.has('explain') || !meter.hasLooked) return undefined;
    return { ...meter.cost, ...(explain && { explain: meter.looks }) };
  };
  return {
    records: createRecordLoader(recordSource(operation, freshness, scope, options)),
    report,
    cacheControl: () => freshness.header(options.finalMaxAgeMs),
    noteError: () => evidence.noteMore(),
    repeatable() {
      const rows = evidence.repeatableAt(options.clock.now());
      return rows && { lookUps: rows.length, holds: () => evidence.holds() };
    },
  };
}

/** Looks up with the keys of the account that is asked, or with the caller's own. */
function recordSource(
  operation: Operation,
  freshness: Freshness,
  { principal }: OperationScope,
  { engineOf }: ContextOptions,
): RecordSource {
  return {
    findKept(request) {
      const records = engineOf(request.accountId, principal).store.findKept(request, operation);
      if (records) freshness.note(records);
      return records;
    },
    async find(request) {
      const { store } = engineOf(request.accountId, principal);
      const records = await store.find(request, operation).catch((error) => {
        throw asOwnFault(error, principal);
      });
      freshness.note(records);
      return records;
    },
  };
}

function plannedWork({ principal }: OperationScope, { engineOf }: ContextOptions): Work {
  const plans = new Map<RecordEngine, LookUpPlan>();
  const records = createRecordLoader({
    findKept: () => undefined,
    find: async (request) => {
      const engine = engineOf(request.accountId, principal);
      const plan = plans.get(engine) ?? new LookUpPlan();
      plans.set(engine, plan);
      await engine.store.plan(request, plan);
      return [];
    },
  });
  const report = () => ({ plan: mergePlans([...plans].map(([engine, plan]) => engine.price(plan))) });
  return { records, report };
}

/** The first of the caller's accounts is its own; one that may ask for any asks for the gateway's. */
function defaultAccountOf({ accounts }: Principal, rules: LookUpRules): string {
  return accounts === 'any' ? rules.accountId : (accounts[0] ?? rules.accountId);
}

/** Who brought the key that Vonage refused is told to look after it. */
function asOwnFault(error: unknown, { credentials }: Principal): unknown {
  const refused = error instanceof GatewayError && error.code === 'UPSTREAM_UNAUTHORIZED';
  if (!credentials || !refused) return error;
  return new GatewayError('UNAUTHENTICATED', 'Vonage did not accept the API key and secret of this request.');
}
