import type { Principal } from '../access/principal.js';
import { GatewayError } from '../errors.js';
import { inSteps } from '../event-loop.js';
import { fullerLane, type RecordLane, type Rows, type SelectedContent } from '../retrieval/lookup/lanes.js';
import type { Operation } from '../retrieval/operation.js';
import { faultError, type PageRequest } from '../retrieval/pages/page.js';
import type { RecordEngine } from '../retrieval/record-engine.js';
import { authorizeList, isVisibleTo } from './authorize.js';
import type { ListedRecord, ListTarget, OperationOptions, RecordList } from './operation-service.js';

/** A page that a list needs, and the engine that finds it. */
export interface PreparedList {
  readonly engine: RecordEngine;
  readonly request: PageRequest;
  /** The lane that the operation selects: it shows no more than that, also of fuller rows. */
  readonly shown: RecordLane;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Lists records by date on behalf of one caller. */
export class RecordListing {
  readonly #principal: Principal;
  readonly #options: OperationOptions;

  constructor(principal: Principal, options: OperationOptions) {
    this.#principal = principal;
    this.#options = options;
  }

  /** Throws FORBIDDEN for what the caller may not list, and BAD_USER_INPUT for a window that is too long or not open yet. */
  prepare(target: ListTarget, content: SelectedContent): PreparedList {
    authorizeList(target, this.#principal);
    const { accountId, product, direction, sinceMs, filters, start } = target;
    const engine = this.#options.engineOf(accountId, this.#principal);
    const [shown] = engine.store.scope({ accountId, products: [product], direction, content }).lanes;
    if (!shown) throw new GatewayError('BAD_USER_INPUT', 'product names no product that can be listed.');
    const untilMs = this.#endOf(target, engine);
    return {
      engine,
      shown,
      request: { lane: this.#laneOf(target, shown), sinceMs, untilMs, filters, start },
    };
  }

  /** Every page of a list is asked for with the detail of the first one: Vonage's cursor belongs to its parameters. */
  #laneOf(
    { detail = { messageBody: false, concatenated: false }, start }: ListTarget,
    shown: RecordLane,
  ): RecordLane {
    if (!start) return shown;
    if (detail.messageBody && !this.#principal.has('records:content'))
      throw new GatewayError(
        'FORBIDDEN',
        'This caller may not go on with a list that has texts of messages.',
      );
    const lane = fullerLane(shown, detail);
    if (lane) return lane;
    const message =
      'after belongs to a list that began without messageBody or concatenated, which this operation selects. Begin the list anew without after.';
    throw new GatewayError('BAD_USER_INPUT', message);
  }

  /** The records of a page that the target asks for. */
  async list(
    prepared: PreparedList,
    { offset, first }: ListTarget,
    operation: Operation,
  ): Promise<RecordList> {
    const { engine, request } = prepared;
    const found = await engine.pages.find(request, operation);
    const { rows, next, untilMs, fault } = found.page;
    const endOffset = Math.min(rows.length, offset + first);
    const listed = await this.#listed(prepared, rows, [offset, endOffset], operation);
    if (found.from === 'kept') engine.pages.recordKept(request.lane, listed.length, operation);
    // A page that was cut lacks rows at its end.
    const isAtEnd = endOffset === rows.length;
    return {
      records: listed,
      untilMs,
      detail: request.lane.detail,
      endOffset: Math.max(offset, endOffset),
      pageLength: rows.length,
      next,
      fault: fault && isAtEnd ? faultError(fault) : undefined,
    };
  }

  /** Decodes in steps, between which an operation can end. */
  async #listed(
    { engine, shown }: PreparedList,
    rows: Rows,
    [offset, endOffset]: readonly [number, number],
    { sees, signal }: Operation,
  ): Promise<readonly ListedRecord[]> {
    const listed: ListedRecord[] = [];
    const places = Array.from({ length: Math.max(0, endOffset - offset) }, (_, index) => offset + index);
    for await (const step of inSteps(places)) {
      signal.throwIfAborted();
      for (const place of step) {
        const record = engine.decoder.decodeListed(rows, place, shown, sees);
        const isShown = record && isVisibleTo(record, shown.accountId, this.#principal);
        if (isShown) listed.push({ record, offset: place });
      }
    }
    return listed;
  }

  /**
   * The end of the window. The newest end is a whole minute, so that lists that are asked for within a minute rest on the
   * same pages.
   */
  #endOf({ sinceMs, untilMs, start }: ListTarget, { pages }: RecordEngine): number {
    // The window of a list that goes on was open when it began, whatever was learnt about the clock since.
    const newestMs = start ? this.#options.clock.now() : pages.newestEndMs;
    const endMs = untilMs ?? Math.floor(newestMs / minuteMs) * minuteMs;
    if (endMs > newestMs) throw tooNew('until', endMs, newestMs);
    if (sinceMs >= endMs) throw tooNew('since', sinceMs, endMs);
    this.#assertShort(sinceMs, endMs);
    return endMs;
  }

  #assertShort(sinceMs: number, endMs: number): void {
    const { maxRangeDays } = this.#options;
    if (endMs - sinceMs <= maxRangeDays * dayMs) return;
    const days = Math.ceil((endMs - sinceMs) / dayMs);
    throw new GatewayError(
      'BAD_USER_INPUT',
      `since must be at most ${maxRangeDays} days before until, got: ${days} days. List one part of the window after the other.`,
    );
  }
}

function tooNew(argument: 'since' | 'until', arrivedMs: number, newestMs: number): GatewayError {
  const [arrived, newest] = [arrivedMs, newestMs].map((each) => new Date(each).toISOString());
  const rule =
    argument === 'since' ? 'must be before the end of the window' : 'must be at least a minute ago';
  const hint = argument === 'until' ? ' Leave it out for the newest end.' : '';
  return new GatewayError(
    'BAD_USER_INPUT',
    `${argument} ${rule}, which is ${newest}, got: ${arrived}. Vonage refuses times that its clock has not reached.${hint}`,
  );
}
