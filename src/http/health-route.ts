import type { FastifyInstance } from 'fastify';

/** `/livez`: the process runs. `/readyz`: it takes work, which ends first when it stops. */
export function healthRoute(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/livez', { logLevel: 'silent' }, async () => ({ status: 'alive' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) =>
    isReady() ? { status: 'ready' } : reply.code(503).send({ status: 'stopping' }),
  );
}
