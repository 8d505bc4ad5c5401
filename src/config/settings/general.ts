import { flag, oneOf } from '../parsers.js';
import { setting } from '../setting.js';

/** Settings of the process as a whole. */
export const generalSettings = {
  environment: setting(
    'NODE_ENV',
    oneOf(['development', 'test', 'production']),
    'development',
    'Environment of the process. `production` requires Vonage credentials or `SIMULATOR=true`, turns Apollo Sandbox off, turns the explorer off unless `EXPLORER=true`, and answers introspection only to callers with the scope `introspect`. Only `development` reads the file `.env`.',
  ),
  allowDevelopmentNetwork: setting(
    'ALLOW_DEVELOPMENT_NETWORK',
    flag(),
    'false',
    'Whether the gateway may start if `NODE_ENV` is not `production` and `HOST` is not a loopback address. Every client that reaches the address then gets the sandbox page and the explorer, and callers read the schema.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
    'Least severe level that the gateway logs.',
  ),
};
