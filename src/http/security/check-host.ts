import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../urls.js';
import { HttpError } from '../errors.js';
import { healthPaths } from '../pages/health-route.js';

/**
 * How often a request has a header. Of some Node keeps the first only, where a proxy in front may have gone by another.
 *
 * @param name in small letters
 */
export function countOfHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === name.length && rawHeaders[index]?.toLowerCase() === name) count += 1;
  return count;
}

export interface CheckHostOptions {
  /** Address that is listened on. */
  readonly host: string;
  /**
   * Hosts that requests may name, without ports. Default: on a loopback address the names of this machine, otherwise
   * any.
   */
  readonly allowedHosts: readonly string[] | undefined;
}

/** A name, an IPv4 or an IPv6 address, with or without a port. */
const hostForm = /^([a-z0-9_][a-z0-9._-]{0,252}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests for a foreign host. A page of any site can have its own name lead to this machine, and then is of the
 * same origin for the browser; the name that it asks for gives it away. Probes come by address, or name no host at all.
 */
export function checkHost(options: CheckHostOptions): (request: FastifyRequest) => Promise<void> {
  const names = allowedNames(options);
  return async (request) => {
    const fault = faultOf(request, names);
    if (fault && !healthPaths.has(request.routeOptions.url ?? '')) throw fault;
  };
}

function faultOf(request: FastifyRequest, names: ReadonlySet<string> | undefined): HttpError | undefined {
  const { url = '', headers, rawHeaders } = request.raw;
  const count = countOfHeader(rawHeaders, 'host');
  if (count !== 1)
    return new HttpError(400, `A request must have exactly one Host header; this one has ${count}.`);
  const name = nameOf(url, headers.host ?? '');
  if (name === undefined)
    return new HttpError(400, 'The Host must be a name or an address, with or without a port.');
  if (!names || names.has(name)) return undefined;
  return new HttpError(421, `The Host ${name} is not one that this gateway answers to (ALLOWED_HOSTS).`);
}

function allowedNames({ host, allowedHosts }: CheckHostOptions): ReadonlySet<string> | undefined {
  if (allowedHosts) return new Set(allowedHosts.map(plain));
  return isLoopback(host) ? new Set([...loopbackNames, host]) : undefined;
}

/** A target that names its host itself counts before the header, as HTTP has it. Undefined for what is no host. */
function nameOf(target: string, header: string): string | undefined {
  const [, named = header] = absoluteForm.exec(target) ?? [];
  const [, name] = hostForm.exec(named) ?? [];
  return name === undefined ? undefined : plain(name);
}

/** Names are the same in small letters and without the dot of the root. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
