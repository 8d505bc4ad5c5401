import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Product } from '../catalogue/product.js';
import { type Clock, monotonicClock } from '../clock.js';
import { nextTurn } from '../event-loop.js';
import { recordsPath } from '../vonage/wire.js';
import { CallLog } from './call-log.js';
import { Dataset, type DatasetOptions } from './dataset.js';
import { Faults, type RecordsFault, replacesRecords, sendFault, sendProblem, statusOf } from './faults.js';
import { forbidden, invalidParameter, type Problem, rateLimited, unauthorized } from './problems.js';
import { type RateLimits, RateWindow } from './rate-window.js';
import { readQuery, type SimulatedQuery } from './read-query.js';
import { answer, sendCutRecords, sendRecords } from './respond.js';
import { seededUuid } from './row-maker.js';
import { sampleAccountId } from './sample-rows.js';

export interface SimulatorOptions extends DatasetOptions {
  /** Port to listen on. Default: a free one. */
  readonly port?: number;
  /** Products that it refuses. Default: NUMBER_INSIGHT_V2, which Vonage no longer lets be requested. */
  readonly refusedProducts?: readonly Product[];
  /** Calls a second of each key before a 429. Default: 10, as Vonage allows. */
  readonly ratePerSecond?: number;
  /** Milliseconds that calls of a key have to arrive apart. Default: 0, since Vonage documents no such limit. */
  readonly minGapMs?: number;
  readonly clock?: Clock;
}

/** What the simulator accepts; it holds no real account. */
export const simulatorCredentials = { apiKey: sampleAccountId, apiSecret: 'simulator-secret' } as const;

/** A running simulator. */
export class Simulator implements AsyncDisposable {
  readonly log = new CallLog();
  readonly faults = new Faults();
  readonly dataset: Dataset;
  /** What it accepts; a test adds keys, or changes a secret. */
  readonly keys: SimulatedKeys;
  readonly #clock: Clock;
  readonly #offered: readonly Product[];
  readonly #app: FastifyInstance;
  #requests = 0;

  private constructor({
    clock = monotonicClock,
    ratePerSecond = 10,
    minGapMs = 0,
    ...options
  }: SimulatorOptions) {
    const { refusedProducts = [Product.NUMBER_INSIGHT_V2] } = options;
    this.#clock = clock;
    this.#offered = Object.values(Product).filter((each) => !refusedProducts.includes(each));
    this.keys = new SimulatedKeys({ ratePerSecond, minGapMs });
    this.keys.accept({ ...simulatorCredentials, accountIds: [sampleAccountId] });
    this.dataset = new Dataset(options);
    this.#app = Fastify({ forceCloseConnections: true });
    this.#app.get(recordsPath, (request, reply) => this.#records(request, reply));
    this.#app.get('/simulator/costs', () => this.#costs());
  }

  /** Starts on a loopback address. */
  static async start(options: SimulatorOptions): Promise<Simulator> {
    const simulator = new Simulator(options);
    await simulator.#app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return simulator;
  }

  get url(): string {
    return this.#app.listeningOrigin;
  }

  async close(): Promise<void> {
    await this.#app.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #records(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const search = request.url.split('?')[1] ?? '';
    const nowMs = this.#clock.now();
    this.#requests += 1;
    reply.header('x-request-id', seededUuid('x-request-id', this.#requests));
    // The simulator's own time; a test can set it apart from the gateway's.
    if (this.faults.dateQuirks.omitsDateHeader) reply.raw.sendDate = false;
    else reply.header('date', new Date(nowMs).toUTCString());
    const query = this.#admit(request, reply, search, nowMs);
    if ('status' in query) return sendProblem(reply, query);
    // One answer is made at a time, and calls that have arrived are counted before the next one: to make answers must not
    // make a call look later than it came.
    await nextTurn();
    await this.faults.gate(query);
    const fault = this.faults.next(query);
    if (fault && replacesRecords(fault)) {
      this.log.note(query, nowMs, statusOf(fault), 0);
      return sendFault(reply, fault);
    }
    return this.#answer(reply, { query, search, nowMs, fault });
  }

  /** The query, or the problem for which it is refused. */
  #admit(
    request: FastifyRequest,
    reply: FastifyReply,
    search: string,
    nowMs: number,
  ): SimulatedQuery | Problem {
    const key = this.keys.provenBy(request.headers.authorization);
    if (!key) return this.#errorHandler(unauthorized);
    if (!key.rate.admits(nowMs)) {
      this.log.rateLimited += 1;
      reply.headers(rateLimitHeaders(key.rate, nowMs));
      return rateLimited;
    }
    const query = readQuery(new URLSearchParams(search), {
      offered: this.#offered,
      nowMs,
      quirks: this.faults.dateQuirks,
    });
    if ('status' in query) return this.#errorHandler(query);
    return key.accountIds.includes(query.accountId) ? query : this.#errorHandler(forbidden);
  }

  #errorHandler(problem: Problem): Problem {
    this.log.refused += 1;
    return problem;
  }

  #answer(reply: FastifyReply, { query, search, nowMs, fault }: AdmittedCall): FastifyReply {
    if (query.ids?.some((id) => this.faults.poisonIds.has(id))) {
      this.log.note(query, nowMs, 422, 0);
      return sendProblem(reply, invalidParameter('id', 'holds an id that cannot be read'));
    }
    const good = answer(query, this.dataset, search, nowMs, this.faults);
    const body = fault?.kind === 'edited' ? fault.edit(good) : good;
    this.log.note(query, nowMs, 200, rowsIn(body));
    return fault?.kind === 'cut'
      ? sendCutRecords(reply, good, fault)
      : sendRecords(reply, body, this.faults.dateQuirks);
  }

  #costs() {
    const { calls, rateLimited, refused, billedRows, rowsBilledByDate, idsBilledTwice } = this.log;
    const ids = calls.reduce((sum, call) => sum + call.ids.length, 0);
    return { calls: calls.length, ids, billedRows, rowsBilledByDate, rateLimited, refused, idsBilledTwice };
  }
}

/** A call whose parameters are right. */
interface AdmittedCall {
  readonly query: SimulatedQuery;
  readonly search: string;
  readonly nowMs: number;
  readonly fault: RecordsFault | undefined;
}

/** The headers that Vonage documents for a 429; the moment of the reset is in milliseconds, as in its example. */
function rateLimitHeaders(rate: RateWindow, nowMs: number): Record<string, string> {
  const waitMs = rate.untilFreeMs(nowMs);
  return {
    'retry-after': String(Math.ceil(waitMs / 1000)),
    'x-ratelimit-limit': String(rate.ratePerSecond),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(nowMs + waitMs)),
  };
}

function rowsIn(body: unknown): number {
  const { records } = (body ?? {}) as { records?: unknown };
  return Array.isArray(records) ? records.length : 0;
}

/** An API key that the simulator accepts. */
export interface SimulatedKey {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Accounts that it may read. */
  readonly accountIds: readonly string[];
}

/** A key and how many calls were made with it lately. */
interface KnownKey extends SimulatedKey {
  readonly rate: RateWindow;
}

/** The keys that the simulator accepts. Each has its own rate, which a changed secret does not reset. */
class SimulatedKeys {
  readonly #limits: RateLimits;
  readonly #known = new Map<string, KnownKey>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Accepts a key from now on, with this secret and no other. */
  accept(key: SimulatedKey): void {
    const rate = this.#known.get(key.apiKey)?.rate ?? new RateWindow(this.#limits);
    this.#known.set(key.apiKey, { ...key, rate });
  }

  /** The key that an `Authorization` header authenticates. */
  provenBy(header: string | undefined): KnownKey | undefined {
    const [, encoded = ''] = /^Basic (\S+)$/.exec(header ?? '') ?? [];
    const [apiKey = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
    const known = this.#known.get(apiKey);
    return known?.apiSecret === secret.join(':') ? known : undefined;
  }
}
