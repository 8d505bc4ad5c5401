import type { IncomingMessage } from 'node:http';

/**
 * The URL by which a request is routed. A path that cannot be decoded leads nowhere; Fastify would answer it past all
 * hooks, so without the headers that every answer has.
 */
export function routableUrl({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const [path = ''] = url.split(/[?#]/, 1);
  if (!path.includes('%')) return url;
  try {
    decodeURI(path);
    return url;
  } catch {
    return '/%25';
  }
}
