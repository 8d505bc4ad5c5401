import { isListenHost } from '../../urls.js';
import { integer, textThat } from '../parsers.js';
import { computed, setting } from '../setting.js';

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
