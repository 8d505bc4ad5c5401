import type { FastifyReply } from 'fastify';
import type { Product } from '../catalogue/product.js';
import type { WireRecordsResponse } from '../vonage/wire.js';
import { type DateQuirks, noDateQuirks } from './date-query.js';
import { type Problem, rateLimited, serverError } from './problems.js';
import type { SimulatedQuery } from './read-query.js';

/** What goes wrong with a call. */
export type Fault =
  /** An answer with this status; a 429 may name a pause, in any header. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A refusal in Vonage's words. */
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** A good answer that is changed before it is sent. Its rows are billed as they are sent. */
  | { readonly kind: 'edited'; edit(body: WireRecordsResponse): unknown }
  /**
   * A 200 that is cut inside the row after the first `rows`. The page is billed whole. `cursor` tells whether cursor and
   * iv stand before the rows, and so arrive, or after them, and are lost.
   */
  | { readonly kind: 'cut'; readonly rows: number; readonly cursor: 'arrives' | 'lost' }
  /** The connection is cut before an answer. */
  | { readonly kind: 'reset' }
  /** A 200 whose body ends in the middle. */
  | { readonly kind: 'truncated' }
  /** A 200 with this body, as it is. */
  | { readonly kind: 'body'; readonly body: string; readonly contentType?: string }
  /** A redirect to this address. */
  | { readonly kind: 'redirect'; readonly location: string };

interface Planned {
  readonly fault: Fault;
  remaining: number;
  readonly when: (query: SimulatedQuery) => boolean;
}

/** Faults on demand, for tests and for seeing how a gateway behaves on a bad day. */
export class Faults {
  /** Resolves when a call may be answered. Default: at once. */
  gate: (query: SimulatedQuery) => Promise<void> = async () => undefined;
  /** Ids that make their whole call a 422, as a parameter at fault does. */
  readonly poisonIds = new Set<string>();
  /** Rows on one page at most; a page that has more is cut. */
  maxPageRows = 1000;
  /** Behaviour of the date mode that its documentation does not have. */
  readonly dateQuirks: DateQuirks = { ...noDateQuirks };
  readonly #planned: Planned[] = [];

  /** Lets the next `times` calls that match fail; all of them without a number. */
  plan(
    fault: Fault,
    times = Number.POSITIVE_INFINITY,
    when: (query: SimulatedQuery) => boolean = () => true,
  ): void {
    this.#planned.push({ fault, remaining: times, when });
  }

  /** Refuses every call for a product, such as one that the key is not provisioned for. */
  refuseProduct(product: Product, problem: Problem): void {
    this.plan({ kind: 'problem', problem }, Number.POSITIVE_INFINITY, (query) => query.product === product);
  }

  /** From now on nothing fails. */
  clear(): void {
    this.#planned.length = 0;
    this.poisonIds.clear();
    this.maxPageRows = 1000;
    Object.assign(this.dateQuirks, noDateQuirks);
    this.gate = async () => undefined;
  }

  /** The fault of this call, which is used up by it. */
  next(query: SimulatedQuery): Fault | undefined {
    const planned = this.#planned.find((each) => each.remaining > 0 && each.when(query));
    if (!planned) return undefined;
    planned.remaining -= 1;
    return planned.fault;
  }
}

/** A fault of the records themselves. */
export type RecordsFault = Extract<Fault, { readonly kind: 'edited' | 'cut' }>;

/** A fault that takes the place of the records. */
export type ReplacingFault = Exclude<Fault, RecordsFault>;

export function replacesRecords(fault: Fault): fault is ReplacingFault {
  return fault.kind !== 'edited' && fault.kind !== 'cut';
}

/** Answers a call with its fault instead of its records. */
export function sendFault(reply: FastifyReply, fault: ReplacingFault): FastifyReply {
  switch (fault.kind) {
    case 'status':
      return sendStatus(reply, fault);
    case 'problem':
      return sendProblem(reply, fault.problem);
    case 'body':
      return reply.type(fault.contentType ?? 'application/json').send(fault.body);
    case 'redirect':
      return reply.redirect(fault.location, 302);
    case 'reset':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'truncated':
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      reply.raw.write('{"records":[{"message_id":');
      setImmediate(() => reply.raw.destroy());
      return reply;
  }
}

/** The HTTP status of the answer to a call with a fault. */
export function statusOf(fault: ReplacingFault): number {
  if (fault.kind === 'status') return fault.status;
  return fault.kind === 'problem' ? fault.problem.status : 200;
}

/** Answers with a refusal. */
export function sendProblem(reply: FastifyReply, { status, body }: Problem): FastifyReply {
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
}

function sendStatus(
  reply: FastifyReply,
  { status, retryAfter, headers = {} }: Extract<Fault, { readonly kind: 'status' }>,
): FastifyReply {
  reply.headers({ ...headers, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) });
  const { body } = status === 429 ? rateLimited : serverError;
  return sendProblem(reply, { status, body: { ...body, title: `Simulated ${status}` } });
}
