import { headersTimeoutMs } from '../../http/connections.js';
import { isHost, isListenHost, isOrigin } from '../../urls.js';
import { computed, flag, integer, listThat, oneOf, setting, textThat } from '../setting.js';

/** Settings of the HTTP server. */
export const httpSettings = {
  host: setting(
    'HOST',
    textThat(isListenHost, 'must be a host name or an IP address, without a scheme and a port'),
    '127.0.0.1',
    'Host name or IP address to listen on. `0.0.0.0` and `::` stand for every address of the machine. An address that other machines reach requires `NODE_ENV=production`, authentication or `ALLOW_ANONYMOUS_NETWORK`, and Vonage credentials or `SIMULATOR=true`.',
  ),
  port: setting(
    'PORT',
    integer(0, 65_535),
    '4000',
    'TCP port to listen on. `0` lets the system choose a free port.',
  ),
  maxBodyBytes: setting(
    'MAX_BODY_BYTES',
    integer(1024, 16_777_216),
    '262144',
    'Most bytes of a request body, before and after decompression. A larger body gets status 413.',
  ),
  maxConnections: setting(
    'MAX_CONNECTIONS',
    integer(1, 1_000_000),
    '10000',
    'Most open connections. One connection more closes the connection that has been idle longest; while every connection has a request in progress, the gateway drops the new one. Each connection takes a file descriptor of the process.',
  ),
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_MS',
    integer(100, 600_000),
    '30000',
    `Milliseconds within which a request must arrive with its body; a slower request gets status 408. The headers must arrive within the same time, and within ${headersTimeoutMs} ms.`,
  ),
  keepAliveTimeoutMs: setting(
    'KEEP_ALIVE_TIMEOUT_MS',
    integer(100, 3_600_000),
    '72000',
    'Milliseconds for which the gateway keeps an idle connection open. Set it above the idle timeout of a load balancer, often 60 s; otherwise the load balancer sends requests over connections that the gateway has just closed.',
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    listThat(isHost, 'must be a comma-separated list of host names or addresses without ports'),
    undefined,
    'Hosts that requests may name: a comma-separated list of names and addresses without ports, such as `records.example.com,10.0.0.7`. A request for another host gets status 421, except for `/livez` and `/readyz`. Without this setting the names of this machine are allowed if `HOST` is a loopback address, and any host otherwise. It is required if `AUTH_MODE` is `none` and `HOST` is not a loopback address.',
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    listThat(
      isOrigin,
      'must be a comma-separated list of origins such as https://app.example.com, without *',
    ),
    undefined,
    'Origins whose web pages may read responses: a comma-separated list such as `https://app.example.com`, without `*`. Without this setting only the hosted Apollo Sandbox may, and only outside production.',
  ),
  explorer: setting(
    'EXPLORER',
    flag(),
    undefined,
    'Whether `/explorer` serves GraphiQL. It sends what the caller enters, with the rights of the caller. Without this setting it is served outside production only.',
  ),
  mayBeCached: setting(
    'HTTP_CACHE',
    oneOf(['on', 'off'])
      .transform((text) => text === 'on')
      .describe('`on` or `off`'),
    'on',
    'Whether browsers and proxies may store responses. `on` lets them store the response of a GET request for as long as its records stay as they are; `off` sends `cache-control: no-store` with every response, for browsers on shared machines.',
  ),
  shutdownDelayMs: setting(
    'SHUTDOWN_DELAY_MS',
    integer(0, 600_000),
    '0',
    'Milliseconds after `SIGTERM` for which the gateway goes on as before, while `/readyz` responds with 503. Set it to the time that a load balancer takes to notice, such as `5000`.',
  ),
  shutdownGraceMs: setting(
    'SHUTDOWN_GRACE_MS',
    integer(0, 600_000),
    '10000',
    'Milliseconds that a stopping gateway has for the operations in progress. It refuses at once with `SHUTTING_DOWN` what it cannot answer within them.',
  ),
  corsHeaders: setting(
    'CORS_HEADERS',
    listThat(isHeaderName, 'must be a comma-separated list of header names such as x-tenant, without *'),
    undefined,
    'Request headers that these pages may send beside the usual ones: a comma-separated list such as `x-tenant,x-client-build`, without `*`. The usual ones are those that the gateway reads, those of Apollo Client, and those of tracing: `traceparent`, `tracestate`, `baggage` and `sentry-trace`.',
  ),
  lookupPage: computed(
    'LOOKUP_PAGE',
    flag(),
    ({ NODE_ENV }) => String(NODE_ENV !== 'production'),
    'Whether `/lookup` serves a page on which people look records up, with the permissions of the token that they type. The default is `false` in production and `true` otherwise.',
  ),
};

/** The characters of a header name in HTTP, except `*`, which browsers would take for all headers but `authorization`. */
function isHeaderName(text: string): boolean {
  return /^[a-z0-9!#$%&'+.^_`|~-]{1,64}$/i.test(text);
}

/** Settings of the listener for metrics and health. */
export const adminSettings = {
  port: computed(
    'ADMIN_PORT',
    integer(0, 65_535),
    ({ NODE_ENV }): string | undefined => (NODE_ENV === 'production' ? '9464' : undefined),
    'TCP port of the listener for `/metrics`, `/livez` and `/readyz?verbose`. `0` lets the system choose a free port. The default is `9464` in production; otherwise there is no such listener without this setting.',
  ),
  host: setting(
    'ADMIN_HOST',
    textThat(isListenHost, 'must be a host name or an IP address, without a scheme and a port'),
    '127.0.0.1',
    'Host name or IP address of the listener for metrics and health. It asks for no credentials, so choose an address that only Prometheus reaches.',
  ),
};
