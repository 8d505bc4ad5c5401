import type { Principal } from '../access/principal.js';
import type { Clock } from '../clock.js';
import { GatewayError } from '../errors.js';
import type { CostReport, LookupRules, OperationContext } from '../graphql/operation-context.js';
import { CacheDependencies, type CachedRows } from '../retrieval/cache/cache-dependencies.js';
import { LookupPlan, mergePlans } from '../retrieval/lookup/lookup-plan.js';
import type { Operation } from '../retrieval/operation.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import { Bills, CostMeter, type Ledger, possiblyBilled } from '../retrieval/usage-meter.js';
import { CacheControl } from './cache-control.js';
import type { CallerQuota } from './caller-quota.js';
import { createRecordLoader, type RecordSource, type Records } from './record-loader.js';

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
  readonly rules: LookupRules;
  /** What holds a caller to what it may ask for. */
  quotaOf(principal: Principal): CallerQuota;
  /** Milliseconds for which callers may keep an answer of final records. */
  readonly finalMaxAgeMs: number;
}

/** What the resolvers of one operation share. */
export function createOperationContext(scope: OperationScope, options: ContextOptions): OperationContext {
  const { requestId, fromRouter, principal, dryRun } = scope;
  const mayIntrospect = principal.has('introspect');
  const rules = { ...options.rules, accountId: principal.defaultAccountId ?? options.rules.accountId };
  const work = dryRun && principal.has('explain') ? plannedWork(scope, options) : liveWork(scope, options);
  return { requestId, fromRouter, principal, mayIntrospect, rules, ...work };
}

/** What differs between running an operation and planning it. */
type Schedulable = Omit<
  OperationContext,
  'requestId' | 'fromRouter' | 'principal' | 'mayIntrospect' | 'rules'
>;

function liveWork(scope: OperationScope, options: ContextOptions): Schedulable {
  const { principal, signal, deadlineAtMs, explain } = scope;
  const quota = options.quotaOf(principal);
  const bills = new Bills();
  const meter = new CostMeter(ledgerOf(bills, signal));
  const cacheDependencies = new CacheDependencies();
  const cacheControl = new CacheControl();
  const sees = { numbers: principal.has('records:numbers'), content: principal.has('records:content') };
  const operation = {
    signal,
    deadlineAtMs,
    ...leavingBills(bills, principal),
    meter,
    cacheDependencies,
    sees,
  };
  const report = (): CostReport | undefined => {
    if (!principal.has('explain') || !meter.hasLooked) return undefined;
    return { ...meter.cost, ...(explain && { explain: meter.looks }) };
  };
  return {
    records: createRecordLoader(recordSource({ operation, cacheControl, quota, bills }, scope, options)),
    admit: ({ ids }) => quota.admit(ids),
    report,
    cacheControl: () => cacheControl.header(options.finalMaxAgeMs),
    noteError: () => cacheDependencies.markUncacheable(),
    cacheable() {
      const rows = cacheDependencies.cacheableAt(options.clock.now());
      const isFresh = () =>
        cacheDependencies.isFresh() && (rows ?? []).every((cached) => isStillAsked(cached, scope, options));
      return rows && { lookups: rows.length, isFresh };
    },
  };
}

/** Whether rows would be looked for where they are kept: the key of their account may have gone, or be another one. */
function isStillAsked(
  { owner, lookup }: CachedRows,
  { principal }: OperationScope,
  { engineOf }: ContextOptions,
): boolean {
  try {
    return engineOf(lookup.lane.accountId, principal).store === owner;
  } catch {
    return false;
  }
}

/** What is told of every look-up. */
interface Books {
  readonly operation: Operation;
  readonly cacheControl: CacheControl;
  readonly quota: CallerQuota;
  readonly bills: Bills;
}

/** Who leaves is billed by how the calls end that were on their way; what was not sent costs nothing. */
function ledgerOf(bills: Bills, signal: AbortSignal): Ledger {
  const risk = (failure: unknown) => (failure === signal.reason ? 0 : possiblyBilled(failure));
  return {
    noteBilled: (id, records) => bills.of(id).note(records),
    noteFailure: (id, failure) => bills.of(id).note(risk(failure)),
  };
}

/** Nobody counts what is left behind by a caller who has no budget. */
function leavingBills(bills: Bills, { limits }: Principal): Pick<Operation, 'onDetached'> {
  if (limits.recordsPerDay === undefined) return {};
  return { onDetached: (key) => bills.of(key).leaveOpen(possiblyBilled) };
}

/** Looks up with the keys of the account that is asked, or with the caller's own. */
function recordSource(
  { operation, cacheControl, quota, bills }: Books,
  { principal }: OperationScope,
  { engineOf }: ContextOptions,
): RecordSource {
  const note = (records: Records) => {
    cacheControl.note(records);
    if (records.length === 0) {
      quota.noteMiss();
      // A repeated response would not charge the quota for the miss, and the record may appear at any time.
      operation.cacheDependencies.markUncacheable();
    }
    return records;
  };
  return {
    findCached(request) {
      const records = engineOf(request.accountId, principal).store.findCached(request, operation);
      return records && note(records);
    },
    async find(request) {
      const { store } = engineOf(request.accountId, principal);
      const find = () => store.find(request, operation);
      const records = await quota.spend(find, bills.of(request.id)).catch((error) => {
        throw toCredentialError(error, principal);
      });
      return note(records);
    },
  };
}

/** A plan costs nothing at Vonage, but its ids are looked for in the cache like any others, and so are counted like them. */
function plannedWork({ principal }: OperationScope, { engineOf, quotaOf }: ContextOptions): Schedulable {
  const quota = quotaOf(principal);
  const plans = new Map<RecordEngine, LookupPlan>();
  const records = createRecordLoader({
    findCached: () => undefined,
    find: async (request) => {
      const engine = engineOf(request.accountId, principal);
      const plan = plans.get(engine) ?? new LookupPlan();
      plans.set(engine, plan);
      await engine.store.plan(request, plan);
      return [];
    },
  });
  const report = () => ({ plan: mergePlans([...plans].map(([engine, plan]) => engine.price(plan))) });
  return { records, admit: ({ ids }) => quota.admit(ids), report };
}

/** Who brought the key that Vonage refused is told to look after it. */
function toCredentialError(error: unknown, { credentials }: Principal): unknown {
  const refused = error instanceof GatewayError && error.code === 'UPSTREAM_UNAUTHORIZED';
  if (!credentials || !refused) return error;
  return new GatewayError('UNAUTHENTICATED', 'Vonage did not accept the API key and secret of this request.');
}
