import type { FastifyReply, FastifyRequest } from 'fastify';

/** Headers of a request, besides its origin, that make its answer another one: who asks, and how. */
const decisive = [
  'authorization',
  'accept',
  'x-router-secret',
  'x-explain',
  'x-dry-run',
  'apollo-federation-include-trace',
];

/**
 * Tells caches that an answer belongs to who asked for it in this way: a browser would give what one caller may see to the
 * next one who asks at the same address. Answers to POST are not kept by anybody.
 */
export async function varyByCaller({ method }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (method !== 'GET') return;
  const others = reply.getHeader('vary');
  reply.header('vary', [...(others ? [others] : []), ...decisive].join(', '));
}
