import { existsSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { explorerFolder } from '../../paths.js';
import type { ExampleOperation } from './example-operations.js';

/** The explorer's files and their content types; the route serves no other file of the folder. */
const files: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'explorer.js': 'text/javascript; charset=utf-8',
  'explorer.css': 'text/css; charset=utf-8',
  'offline.js': 'text/javascript; charset=utf-8',
};

/**
 * The page may load from this server only, send nothing elsewhere, and run no inline code. GraphiQL's dialogs add an inline
 * style element; `style-src 'self'` blocks it without a visible effect.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves GraphiQL at `/explorer` from local files, so that it works without internet access. */
export function explorerRoute(app: FastifyInstance, examples: readonly ExampleOperation[]): void {
  if (!existsSync(new URL('index.html', explorerFolder))) {
    app.log.warn('/explorer is not served because it is not built; `npm run build` builds it');
    return;
  }
  for (const [name, type] of Object.entries(files)) {
    const content = readFileSync(new URL(name, explorerFolder));
    const path = name === 'index.html' ? '/explorer' : `/explorer/${name}`;
    app.get(path, (_request, reply) =>
      reply.type(type).header('content-security-policy', contentSecurityPolicy).send(content),
    );
  }
  app.get('/explorer/operations.json', async () => examples);
}
