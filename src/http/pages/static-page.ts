import { existsSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/**
 * A page may load from this server only, send nothing elsewhere, and run no inline code. GraphiQL's dialogs add an inline
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

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

export interface StaticPage {
  /** Path of the page, such as `/explorer`; its other files are below it. */
  readonly path: string;
  /** Folder with the built files. */
  readonly folder: URL;
  /** Names of the files beside `index.html`; the route serves no other file of the folder. */
  readonly files: readonly string[];
}

/**
 * Serves a built page from local files, so that it works without internet access.
 *
 * @returns false where the page is not built; the log then says how to build it
 */
export function staticPage(app: FastifyInstance, { path, folder, files }: StaticPage): boolean {
  if (!['index.html', ...files].every((name) => existsSync(new URL(name, folder)))) {
    app.log.warn(`${path} is not served because it is not built; \`npm run build\` builds it`);
    return false;
  }
  for (const name of ['index.html', ...files]) {
    const content = readFileSync(new URL(name, folder));
    const type = contentTypes[name.replace(/^.*\./, '')] ?? 'application/octet-stream';
    app.get(name === 'index.html' ? path : `${path}/${name}`, (_request, reply) =>
      reply.type(type).header('content-security-policy', contentSecurityPolicy).send(content),
    );
  }
  return true;
}
