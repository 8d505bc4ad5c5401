import type { FastifyInstance } from 'fastify';

/** Paths of the health checks, which answer yes or no and nothing else. */
export const healthPaths: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** `/livez`: the process runs. `/readyz`: it accepts requests; this turns to 503 first during a shutdown. */
export function healthRoute(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/livez', { logLevel: 'silent' }, async () => ({ status: 'alive' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) =>
    isReady() ? { status: 'ready' } : reply.code(503).send({ status: 'stopping' }),
  );
}
