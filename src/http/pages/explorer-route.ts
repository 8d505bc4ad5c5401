import type { FastifyInstance } from 'fastify';
import { explorerFolder } from '../../package-files.js';
import type { ExampleOperation } from './example-operations.js';
import { staticPage } from './static-page.js';

/** Serves GraphiQL at `/explorer`, with the documented operations as its tabs. */
export function explorerRoute(app: FastifyInstance, examples: readonly ExampleOperation[]): void {
  const files = ['explorer.js', 'explorer.css', 'offline.js'];
  if (staticPage(app, { path: '/explorer', folder: explorerFolder, files }))
    app.get('/explorer/operations.json', async () => examples);
}
