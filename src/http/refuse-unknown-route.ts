import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from './http-refusal.js';

const methods = ['GET', 'HEAD', 'POST'];

/** Answers what no route takes: 404, or at a path that takes other methods 405 with their names. */
export async function refuseUnknownRoute(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { method, server } = request;
  const [url = ''] = request.url.split('?', 1);
  const taken = methods.filter((each) => server.hasRoute({ method: each, url }));
  if (taken.length === 0) throw new HttpRefusal(404, 'There is nothing at this path.');
  const allow = [...taken, 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
  throw new HttpRefusal(405, `The method ${method} is not taken here; ${allow} are.`, { allow });
}
