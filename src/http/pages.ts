import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { explorerFolder, schemaFolder } from '../package-files.js';

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

/** A documented operation that runs without changes. */
export interface ExampleOperation {
  /** File name without its extension. */
  readonly name: string;
  readonly document: string;
}

const operationsFolder = new URL('operations/', schemaFolder);

/** The documented operations, in the order of their file names. */
export function readExampleOperations(): readonly ExampleOperation[] {
  return readdirSync(operationsFolder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.graphql$/, ''),
      document: readFileSync(new URL(file, operationsFolder), 'utf8'),
    }));
}

/** Serves GraphiQL at `/explorer`, with the documented operations as its tabs. */
export function explorerRoute(app: FastifyInstance, examples: readonly ExampleOperation[]): void {
  const files = ['explorer.js', 'explorer.css', 'offline.js'];
  if (staticPage(app, { path: '/explorer', folder: explorerFolder, files }))
    app.get('/explorer/operations.json', async () => examples);
}

/** The script of the explorer that leads to it where Apollo's servers cannot be reached. */
const offlineScript = '<script src="/explorer/offline.js"></script>';

/** Sends Apollo's page with a policy of its own, and with a way to the explorer where Apollo's script does not load. */
export async function sandboxPage(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (!String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
  reply.headers({
    // The page brings its policy, and a browser enforces all policies; only a header can forbid framing.
    'content-security-policy': "frame-ancestors 'none'",
    // The login of the page opens a window and waits for its message.
    'cross-origin-opener-policy': 'same-origin-allow-popups',
  });
  return typeof payload === 'string' ? payload.replace('</body>', `${offlineScript}</body>`) : payload;
}

/** Paths of the health checks, which answer yes or no and nothing else. */
export const healthPaths: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** `/livez`: the process runs. `/readyz`: it accepts requests; this turns to 503 first during a shutdown. */
export function healthRoute(app: FastifyInstance, isReady: () => boolean): void {
  app.get('/livez', { logLevel: 'silent' }, async () => ({ status: 'alive' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) =>
    isReady() ? { status: 'ready' } : reply.code(503).send({ status: 'stopping' }),
  );
}
