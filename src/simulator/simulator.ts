import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Clock, monotonicClock } from '../clock.js';
import { recordsPath } from '../vonage/wire.js';
import { CallLog } from './call-log.js';
import { Dataset, type DatasetOptions } from './dataset.js';
import { Faults } from './faults.js';
import { forbidden, invalidParameter, type Problem, rateLimited, unauthorized } from './problems.js';
import { readQuery, type SimulatedQuery } from './read-query.js';
import { answer } from './respond.js';
import { sampleAccountId } from './sample-rows.js';
import { sendFault } from './send-fault.js';
import { SimulatedKeys } from './simulated-keys.js';

export interface SimulatorOptions extends DatasetOptions {
  /** Port to listen on. Default: a free one. */
  readonly port?: number;
  /** Calls a second of each key before a 429. Default: 10, as Vonage allows. */
  readonly ratePerSecond?: number;
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
  readonly #app: FastifyInstance;

  private constructor({ clock = monotonicClock, ratePerSecond = 10, ...options }: SimulatorOptions) {
    this.#clock = clock;
    this.keys = new SimulatedKeys(ratePerSecond);
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
    const query = this.#admit(request, search, nowMs);
    if ('status' in query) return send(reply, query);
    // Counts concurrent arrivals together, because building one response must not delay the arrival of the next call.
    await new Promise((resolve) => setImmediate(resolve));
    await this.faults.gate(query);
    const fault = this.faults.next(query);
    if (fault) {
      this.log.note(query, nowMs, fault.kind === 'status' ? fault.status : 200, 0);
      return sendFault(reply, fault);
    }
    return this.#answer(reply, query, search, nowMs);
  }

  /** The query, or the problem that rejects it. */
  #admit(request: FastifyRequest, search: string, nowMs: number): SimulatedQuery | Problem {
    const key = this.keys.provenBy(request.headers.authorization);
    if (!key) return this.#errorHandler(unauthorized);
    if (!key.rate.admits(nowMs)) {
      this.log.rateLimited += 1;
      return rateLimited;
    }
    const query = readQuery(new URLSearchParams(search), nowMs);
    if ('status' in query) return this.#errorHandler(query);
    return key.accountIds.includes(query.accountId) ? query : this.#errorHandler(forbidden);
  }

  #errorHandler(problem: Problem): Problem {
    this.log.refused += 1;
    return problem;
  }

  #answer(reply: FastifyReply, query: SimulatedQuery, search: string, nowMs: number): FastifyReply {
    if (query.ids?.some((id) => this.faults.poisonIds.has(id))) {
      this.log.note(query, nowMs, 422, 0);
      return send(reply, invalidParameter('id', 'holds an id that cannot be read'));
    }
    const body = answer(query, this.dataset, search, nowMs);
    this.log.note(query, nowMs, 200, body.records.length);
    return reply.send(body);
  }

  #costs() {
    const { calls, rateLimited, refused, billedRows } = this.log;
    const ids = calls.reduce((sum, call) => sum + call.ids.length, 0);
    return { calls: calls.length, ids, billedRows, rateLimited, refused };
  }
}

function send(reply: FastifyReply, { status, body }: Problem): FastifyReply {
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
}
