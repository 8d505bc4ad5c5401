import type { FastifyReply } from 'fastify';
import type { Fault } from './faults.js';
import { type Problem, rateLimited, serverError } from './problems.js';

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
