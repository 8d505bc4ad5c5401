import type { FastifyInstance } from 'fastify';

/** Paths at which an orchestrator asks; they tell nothing but yes or no. */
export const healthPaths: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** `/livez`: the process runs. `/readyz`: it takes work, which ends first when it stops. */
export function healthRoute(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/livez', { logLevel: 'silent' }, async () => ({ status: 'alive' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) =>
    isReady() ? { status: 'ready' } : reply.code(503).send({ status: 'stopping' }),
  );
}
