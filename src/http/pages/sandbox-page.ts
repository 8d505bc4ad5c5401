import type { FastifyReply, FastifyRequest } from 'fastify';

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
