import { existsSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { explorerFolder } from '../../paths.js';
import type { ExampleOperation } from './example-operations.js';

/** The explorer's files and their types; nothing else of the folder is served. */
const files: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'explorer.js': 'text/javascript; charset=utf-8',
  'explorer.css': 'text/css; charset=utf-8',
};

/**
 * Everything comes from this server, and nothing may be framed, sent elsewhere or written into the page. GraphiQL's
 * dialogs set a style element of their own, which `style-src 'self'` refuses without harm.
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

/** `/explorer`: GraphiQL from this server's own files, so that it works without the internet. */
export function explorerRoute(app: FastifyInstance, examples: readonly ExampleOperation[]): void {
  if (!existsSync(new URL('index.html', explorerFolder))) {
    app.log.warn('The explorer is not built; `npm run build` builds it.');
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
