import { createHash, randomBytes } from 'node:crypto';
import { accessScopes } from '../access/principal.js';
import { buildServedSchema } from '../bootstrap/build-schema.js';
import { type Config, readConfig, withEnvFile } from '../config/config.js';
import { startEmbeddedSimulator } from '../embedded-simulator.js';
import { startGateway } from '../gateway.js';
import { createLogger } from '../logger.js';

/** A gateway in this process, for this run only. */
export interface LocalGateway extends AsyncDisposable {
  readonly url: string;
  /** The only token that it accepts, since other processes of the machine reach its port, too. */
  readonly token: string;
  /** Whether the embedded simulator answers in place of Vonage. */
  readonly isSimulated: boolean;
}

/** Bytes of the caches, if the environment does not say: a run seldom asks for an id twice, and for no page. */
const cacheLimits = { CACHE_MAX_BYTES: String(4 * 1_048_576), PAGE_CACHE_MAX_BYTES: String(4 * 1_048_576) };
/** The longest that the setting allows: a run waits in its own queue. */
const operationTimeoutMs = '600000';
const callerName = 'command-line';

/**
 * Starts the gateway on a free port of this machine, with the settings of the environment for everything towards Vonage.
 *
 * @throws ConfigError for an environment with which no gateway starts
 */
export async function startLocalGateway(environment: NodeJS.ProcessEnv): Promise<LocalGateway> {
  const token = randomBytes(32).toString('base64url');
  const servedSchema = await buildServedSchema();
  const { environment: variables, errors } = withEnvFile(environment);
  const own = { HOST: '127.0.0.1', PORT: '0', AUTH_MODE: 'none', OPERATION_TIMEOUT_MS: operationTimeoutMs };
  const configured = readConfig({ ...cacheLimits, ...variables, ...own }, errors);
  const simulator = await startEmbeddedSimulator(configured, servedSchema);
  const config = withToken(simulator?.configure(configured) ?? configured, token);
  const logger = createLogger({ level: 'silent', secrets: () => [] });
  const gateway = await startGateway({ config, servedSchema, logger }).catch(async (error) => {
    // An open server would keep the process running.
    await simulator?.close();
    throw error;
  });
  return {
    url: gateway.url,
    token,
    isSimulated: simulator !== undefined,
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await simulator?.close();
    },
  };
}

/** The person who runs the command has the API key itself, so the token has every right. */
function withToken(config: Config, token: string): Config {
  const sha256 = createHash('sha256').update(token).digest('hex');
  const entry = { name: callerName, sha256, scopes: accessScopes, accounts: 'any', products: 'any' } as const;
  const auth = { ...config.auth, mode: 'token', tokens: [entry], callerIdsPerSecond: undefined } as const;
  return { ...config, auth, admin: { ...config.admin, port: undefined } };
}
