import type { FastifyReply } from 'fastify';
import type { Fault } from './faults.js';
import { rateLimited, serverError } from './problems.js';

/** Responds to a call with an injected fault instead of its records. */
export function sendFault(reply: FastifyReply, fault: Fault): FastifyReply {
  switch (fault.kind) {
    case 'status':
      return sendStatus(reply, fault.status, fault.retryAfter);
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

function sendStatus(reply: FastifyReply, status: number, retryAfter: string | undefined): FastifyReply {
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  const { body } = status === 429 ? rateLimited : serverError;
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...body, title: `Simulated ${status}` }));
}
