import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Headers for browsers, on every answer. Answers are data, so that nothing in them may load, run or be framed; pages say
 * themselves what they need. `Strict-Transport-Security` is for what ends TLS, which knows the names that it holds for.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

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
