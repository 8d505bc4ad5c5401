import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../urls.js';
import { HttpError } from './errors.js';
import { healthPaths } from './pages.js';

/**
 * Counts a header of a request. Node keeps only the first of some repeated headers, and a proxy may have read another one.
 *
 * @param name in lower case
 */
export function countOfHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === name.length && rawHeaders[index]?.toLowerCase() === name) count += 1;
  return count;
}

export interface CheckHostOptions {
  /** Address on which the server listens. */
  readonly host: string;
  /**
   * Hosts that requests may name, without ports. Default: the names of this machine when `host` is a loopback address,
   * otherwise any.
   */
  readonly allowedHosts: readonly string[] | undefined;
}

/** A name, an IPv4 address or an IPv6 address, with an optional port. */
const hostForm = /^([a-z0-9_][a-z0-9._-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Rejects requests for another host, against DNS rebinding: a site can let its own name resolve to this machine, and the
 * browser then takes the gateway for the same origin. Health probes are exempt, because they come by address or name no host.
 *
 * Throws an HttpError: 400 for a missing, repeated or malformed Host header, 421 for another host.
 */
export function checkHost(options: CheckHostOptions) {
  const names = allowedNames(options);
  return (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    const error = errorIn(request, names);
    if (error && !healthPaths.has(request.routeOptions.url ?? '')) throw error;
    done();
  };
}

function errorIn(request: FastifyRequest, names: ReadonlySet<string> | undefined): HttpError | undefined {
  const { url = '', headers, rawHeaders } = request.raw;
  const count = countOfHeader(rawHeaders, 'host');
  if (count !== 1)
    return new HttpError(
      400,
      `A request must have exactly one Host header; this one has ${count}. A proxy may have changed it.`,
    );
  const name = nameOf(url, headers.host ?? '');
  if (name === undefined)
    return new HttpError(
      400,
      'The Host header must be a name or an address with an optional port; this one has another form.',
    );
  if (!names || names.has(name)) return undefined;
  return new HttpError(
    421,
    `The Host ${name} is not one of the hosts of this gateway. The operator can add it to ALLOWED_HOSTS.`,
  );
}

function allowedNames({ host, allowedHosts }: CheckHostOptions): ReadonlySet<string> | undefined {
  if (allowedHosts) return new Set(allowedHosts.map(normalize));
  return isLoopback(host) ? new Set([...loopbackNames, host]) : undefined;
}

/** In HTTP, a host in the request target takes precedence over the header. Undefined for a malformed host. */
function nameOf(target: string, header: string): string | undefined {
  const [, named = header] = absoluteForm.exec(target) ?? [];
  const [, name] = hostForm.exec(named) ?? [];
  return name === undefined ? undefined : normalize(name);
}

/** Host names are equal regardless of case and of the final dot of the root. */
function normalize(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
